/** Passwords as they are stored: in clear, or hashed as crypt(3) has it. Hashes are checked by optional peer packages, loaded when the first one is met. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/** Compares what a client sent with what is stored; both hold one character a byte. */
export type PasswordCheck = (given: string) => boolean

/** A stored hash that cannot be checked here: its package is missing, or there is none for its kind. */
export class PasswordError extends Error {
  override readonly name = 'PasswordError'
  readonly code = 'ERR_PASSWORD'
  /** What to do about it. */
  readonly advice: string

  constructor(message: string, advice: string) {
    super(message)
    this.advice = advice
  }
}

/** What crypt(3) takes at most; beyond it no password matches. The work grows with the length, so this also bounds what one request can cost. */
const LONGEST = 511

/** The hash of a password under a setting, which is the beginning of a stored hash. */
type Crypt = (password: string, stored: string) => string

interface Kind {
  readonly shape: RegExp
  readonly name: string
  /** The package that knows it, and how it is asked. */
  readonly peer?: { readonly name: string; readonly crypt: (module: never) => Crypt }
}

interface Unixcrypt {
  readonly encrypt: (password: string, setting: string) => string
}
interface Bcrypt {
  readonly hashSync: (password: string, setting: string) => string
}

const unixcrypt = {
  name: 'unixcrypt',
  crypt:
    ({ encrypt }: Unixcrypt): Crypt =>
    (password, stored) =>
      encrypt(password, stored.slice(0, stored.lastIndexOf('$'))),
}
const bcryptjs = {
  name: 'bcryptjs',
  crypt:
    ({ hashSync }: Bcrypt): Crypt =>
    (password, stored) =>
      hashSync(password, stored.slice(0, 29)),
}

const kinds: readonly Kind[] = [
  { shape: /^\$5\$(rounds=\d+\$)?[./0-9A-Za-z]{0,16}\$[./0-9A-Za-z]{43}$/, name: 'SHA-256', peer: unixcrypt },
  { shape: /^\$6\$(rounds=\d+\$)?[./0-9A-Za-z]{0,16}\$[./0-9A-Za-z]{86}$/, name: 'SHA-512', peer: unixcrypt },
  { shape: /^\$2[aby]\$(0[4-9]|[12]\d|3[01])\$[./0-9A-Za-z]{53}$/, name: 'bcrypt', peer: bcryptjs },
  { shape: /^\$1\$[^$]{0,8}\$[./0-9A-Za-z]{22}$/, name: 'MD5' },
  { shape: /^\$g?y\$/, name: 'yescrypt' },
  { shape: /^\$7\$/, name: 'scrypt' },
  { shape: /^\$(sha1|md5)[$,]/, name: 'SHA-1 or Sun MD5' },
  { shape: /^(_[./0-9A-Za-z]{8}|[./0-9A-Za-z]{2})[./0-9A-Za-z]{11}$/, name: 'DES' },
]

/** A password in clear. */
export function clearPassword(stored: string): PasswordCheck {
  const bytes = Buffer.from(stored, 'latin1')
  return (given) => same(bytes, Buffer.from(given, 'latin1'))
}

/**
 * A hash: SHA-256 (`$5$`) and SHA-512 (`$6$`) need the package `unixcrypt`, bcrypt (`$2y$`) needs `bcryptjs`. `undefined` for a text that is no
 * hash of crypt(3): nothing matches it.
 * @throws {PasswordError} when there is no means to check it
 */
export function hashedPassword(stored: string): PasswordCheck | undefined {
  const kind = kinds.find(({ shape }) => shape.test(stored))
  if (kind === undefined) return undefined
  if (kind.peer === undefined)
    throw new PasswordError(`${kind.name} hashes cannot be checked here`, "make the hash with 'mkpasswd -m sha-512'")
  const crypt = kind.peer.crypt(loadPeer(kind.peer.name, kind.name))
  const bytes = Buffer.from(stored, 'latin1')
  return (given) => {
    const password = Buffer.from(given, 'latin1')
    if (password.length > LONGEST || password.includes(0)) return false
    return same(bytes, Buffer.from(crypt(password.toString('utf8'), stored), 'latin1'))
  }
}

/** @internal A package that this one can do without. @throws {PasswordError} */
export function loadPeer(name: string, kind: string): never {
  try {
    return createRequire(import.meta.url)(fileURLToPath(import.meta.resolve(name))) as never
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const missing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND'
    const what = missing
      ? `${kind} hashes need the package '${name}'`
      : `the package '${name}' cannot be loaded: ${message}`
    const fault = new PasswordError(
      what,
      missing ? `install it: npm install ${name}` : 'use Node 20.19, 22.12 or later',
    )
    fault.cause = error
    throw fault
  }
}

/** Compares in a time that says nothing about where the difference is. */
function same(stored: Buffer, given: Buffer): boolean {
  return stored.length === given.length && timingSafeEqual(stored, given)
}

/**
 * Remembers the last password that was right and the last that was wrong: hashes are made to be slow, and clients send theirs with every request.
 * A flood of wrong ones displaces nothing but other wrong ones. What is kept is a digest under `key`.
 */
export function remembering(check: PasswordCheck, key: Buffer): PasswordCheck {
  let right: Buffer | undefined
  let wrong: Buffer | undefined
  return (given) => {
    const digest = createHmac('sha256', key).update(given, 'latin1').digest()
    if (right !== undefined && timingSafeEqual(right, digest)) return true
    if (wrong !== undefined && timingSafeEqual(wrong, digest)) return false
    const matches = check(given)
    if (matches) right = digest
    else wrong = digest
    return matches
  }
}
