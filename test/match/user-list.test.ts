import t from 'tap'
import { OptionError } from '../../lib/base/errors.js'
import { clearPassword, hashedPassword, loadPeer, PasswordError, remembering } from '../../lib/match/password.js'
import { UserList } from '../../lib/match/user-list.js'

/** What crypt(3) makes of `secret`. */
const hashes = {
  'SHA-256': '$5$ab$uBQPK5nh89waaCXDSRwBxzVzl.pS5fPkZnKN7HXbvj6',
  'SHA-512': '$6$k6y3o.eP$PBB.tfeKmQRT5Xl/drYaLsOKR8cBcdOOeaq7JYq7eJWgGHSNlC/M/GdNHKlBiA17WQ1tWOULAGr76LPTfQgB5.',
  bcrypt: '$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a',
}

/** Of 511 times `a`, the longest that crypt(3) takes, and of `pä` in UTF-8. */
const LONG = '$6$long$.q7TEW2ALtTQ6EgEp1Olg3WEJrqZH3DupODnGPu1sk6HtLIxHr5pSDtazx2aT.fWJZf7M0ZtqvdPyyLW1hn5B0'
const UMLAUT = '$5$u$fWFaimi80ZCMneSsAeOclTYn.8X8LOb8Jso0UYuZkY0'

t.test('hashes of crypt(3)', async (t) => {
  for (const [kind, stored] of Object.entries(hashes)) {
    const check = hashedPassword(stored)
    t.equal(check?.('secret'), true, kind)
    t.equal(check?.('Secret'), false, kind)
    t.equal(check?.(''), false, kind)
    t.equal(check?.(stored), false, kind)
  }
})

t.test('a password of many bytes, of others than ASCII, and with a NUL', async (t) => {
  const long = hashedPassword(LONG)
  t.equal(long?.('a'.repeat(511)), true)
  t.equal(long?.('a'.repeat(512)), false)
  const umlaut = hashedPassword(UMLAUT)
  t.equal(umlaut?.(Buffer.from('pä').toString('latin1')), true)
  t.equal(umlaut?.('pä'), false, 'the same letters in latin1 are other bytes')
  t.equal(hashedPassword(hashes.bcrypt)?.('secret\0more'), false)
})

t.test('what is no hash matches nothing', async (t) => {
  for (const text of ['x', '', '*', '!$6$ab$', '$6$ab', '$6$ab$short', '$9$a$b', 'secret!'])
    t.equal(hashedPassword(text), undefined, text)
})

t.test('a hash that nobody here can check is refused, with what to do', async (t) => {
  for (const [stored, kind] of [
    ['$1$ab$dslkcXxVH.x8LwW1W/oAB/', 'MD5'],
    ['abNANd1rDfiNc', 'DES'],
    ['_J9..rasmz0.F/jqjWck', 'DES'],
    ['$y$j9T$F5Jx5fExrKuPp53xLKQ..1$GmcwIgvdUC9qLWcKCi6gklUa1dM3ziD43YxYNURLKy0', 'yescrypt'],
  ] as const) {
    t.throws(() => hashedPassword(stored), { code: 'ERR_PASSWORD', message: new RegExp(kind), advice: /mkpasswd/ })
  }
})

t.test('a package that is not there is named', async (t) => {
  t.throws(() => loadPeer('fairlead-has-no-such-package', 'SHA-512'), {
    code: 'ERR_PASSWORD',
    message: "SHA-512 hashes need the package 'fairlead-has-no-such-package'",
    advice: 'install it: npm install fairlead-has-no-such-package',
  })
  t.throws(() => loadPeer(new URL('data:text/javascript,x').href, 'SHA-512'), /cannot be loaded/)
})

t.test('the last right and the last wrong password are remembered, each by itself', async (t) => {
  const asked: string[] = []
  const check = remembering(
    (given) => {
      asked.push(given)
      return given === 'right'
    },
    Buffer.alloc(32, 1),
  )
  t.equal(check('right'), true)
  for (const wrong of ['a', 'b', 'b', 'a']) t.equal(check(wrong), false)
  t.equal(check('right'), true)
  t.same(asked, ['right', 'a', 'b', 'a'])
})

t.test('a list of users', async (t) => {
  const staff = new UserList('staff', [
    ['tiger', { password: hashes['SHA-512'], groups: ['admins', 'all'] }],
    ['scott', { insecurePassword: 'elgato' }],
    ['mute', {}],
    ['broken', { password: 'x' }],
    ['__proto__', { insecurePassword: 'p', groups: ['constructor'] }],
  ])
  t.equal(staff.check('tiger', 'secret'), true)
  t.equal(staff.check('tiger', 'secret'), true)
  t.equal(staff.check('tiger', 'elgato'), false)
  t.equal(staff.check('scott', 'elgato'), true)
  t.equal(staff.check('Scott', 'elgato'), false)
  t.equal(staff.check('nobody', ''), false)
  t.equal(staff.check('mute', ''), false)
  t.equal(staff.check('broken', 'x'), false)
  t.equal(staff.check('__proto__', 'p'), true)
  t.equal(staff.check('constructor', ''), false)
  t.same([...staff.groups('tiger')], ['admins', 'all'])
  t.same([...staff.groups('__proto__')], ['constructor'])
  t.same([...staff.groups('nobody')], [])
  t.equal(new UserList('staff', { scott: { insecurePassword: 'x' } }).check('scott', 'x'), true)
})

t.test('a password in clear', async (t) => {
  t.equal(clearPassword('')(''), true)
  t.equal(clearPassword('')('x'), false)
  t.equal(clearPassword('\xff')('\xff'), true)
})

t.test('what cannot be used is refused by name', async (t) => {
  t.throws(() => new UserList('a b', {}), OptionError)
  t.throws(() => new UserList('l', { a: { pass: 'x' } as never }), /UserList 'l': user 'a': no such option: 'pass'/)
  t.throws(() => new UserList('l', { a: { password: 'x', insecurePassword: 'y' } }), /not both/)
  t.throws(
    () =>
      new UserList('l', [
        ['a', {}],
        ['a', {}],
      ]),
    /another user of that name/,
  )
  t.throws(() => new UserList('l', { a: { password: '$1$ab$dslkcXxVH.x8LwW1W/oAB/' } }), PasswordError)
})
