import t from 'tap'
import { type NormalizerOption, normalizer, normalizers } from '../../lib/message/normalizer.js'
import { Request } from '../../lib/message/request.js'

const normalize = (name: string, target: string, option?: NormalizerOption): string => {
  const request = new Request('GET', target)
  const sound = normalizer(name, option)?.(request)
  return sound === true ? request.target : `refused: ${request.target}`
}

t.test('the manual’s examples', async (t) => {
  t.equal(normalize('fragment-encode', '/#foo'), '/%23foo')
  t.equal(normalize('fragment-strip', '/#foo'), '/')
  t.equal(normalize('path-strip-dot', '/a/./a'), '/a/a')
  t.equal(normalize('path-strip-dotdot', '/bar/../../'), '/../')
  t.equal(normalize('path-strip-dotdot', '/bar/../../', 'full'), '/')
  t.equal(normalize('path-merge-slashes', '/foo//bar'), '/foo/bar')
  t.equal(normalize('percent-decode-unreserved', '/%%36%36'), '/%66')
  t.equal(normalize('percent-decode-unreserved', '/%%36%36', 'strict'), 'refused: /%%36%36')
  t.equal(normalize('percent-to-uppercase', '/%6f?%aa'), '/%6F?%AA')
  t.equal(normalize('query-sort-by-name', '/?a=3&b=4&a=1&b=5&a=2'), '/?a=3&a=1&a=2&b=4&b=5')
})

t.test('no normalizer gives anything else when it is applied once more', async (t) => {
  const targets = [
    '/',
    '/a/../..//./%7e%zz?b=%6a&a',
    '*',
    'http://x/a//b/./c',
    '/..%2f../#a?b',
    '//../..//.',
    '/?&&b&a=',
  ]
  for (const [name, options] of normalizers)
    for (const option of [undefined, ...options])
      for (const target of targets) {
        // What has become a percent sign of its own may be one of an escape next time.
        if (name === 'percent-decode-unreserved') continue
        const once = normalize(name, target, option)
        if (!once.startsWith('refused')) t.equal(normalize(name, once, option), once, `${name} ${target}`)
      }
})

t.test('a target without a path stays', async (t) => {
  for (const [name] of normalizers) t.equal(normalize(name, '*'), '*', name)
  t.equal(normalizer('nothing'), undefined)
})

t.test('slow for nobody', async (t) => {
  t.equal(normalize('path-strip-dotdot', '/a/..'.repeat(20_000), 'full'), '/')
  t.equal(normalize('path-merge-slashes', '/'.repeat(100_000)), '/')
})
