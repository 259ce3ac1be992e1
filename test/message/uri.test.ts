import t from 'tap'
import { hostName, hostPort, isAuthority, sameHost, splitTarget, withoutDefaultPort } from '../../lib/message/uri.js'

t.test('hosts are compared in lower case and without port', async (t) => {
  t.same(['A.Example:80', 'a.example', '[::1]:80', '[::1]', 'a:'].map(hostName), [
    'a.example',
    'a.example',
    '[::1]',
    '[::1]',
    'a',
  ])
  t.same(['a:80', 'a', '[::1]:80', '[::1]', 'a:'].map(hostPort), ['80', undefined, '80', undefined, undefined])
  t.ok(sameHost('A:80', 'a:81'))
  t.notOk(sameHost('a', 'a.'))
})

t.test('only what names one host is an authority', async (t) => {
  for (const text of ['a', 'A-b_c.d~', 'a.', '1.2.3.4:1', 'a:65535', '[::1]', '[::ffff:1.2.3.4]:80'])
    t.ok(isAuthority(text), text)
  for (const text of [
    '',
    ':80',
    'a:',
    'a:0',
    'a:65536',
    'a:123456',
    'a:8x',
    'a:-1',
    'a:80:80',
    'a,b',
    'a b',
    'u@a',
    'a/b',
    'a?b',
    'a#b',
    'a\\b',
    '%41',
    '\xe9',
    '"a"',
    '::1',
    '[::1',
    '[::1]x',
    '[]',
    '[g::]',
    '[::1%25eth0]',
    'a\0',
    'a\t',
  ]) {
    t.notOk(isAuthority(text), JSON.stringify(text))
  }
})

t.test('a default port is left out', async (t) => {
  t.equal(withoutDefaultPort('a:80', 'http'), 'a')
  t.equal(withoutDefaultPort('a:443', 'https'), 'a')
  t.equal(withoutDefaultPort('a:443', 'http'), 'a:443')
  t.equal(withoutDefaultPort('a:80', 'ftp'), 'a:80')
})

t.test('a target is cut without being understood', async (t) => {
  t.equal(splitTarget('a:80').form, 'authority')
  t.equal(splitTarget('http://?x').form, 'absolute')
  t.equal(splitTarget('').form, 'authority')
})
