/** A list of users with their passwords and groups. Manual, chapter 3.4. What is asked of it (`http_auth`) lives in `fetches/`. */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { OptionError } from '../base/errors.js'
import { checkOptions, nameOption } from '../base/options.js'
import { clearPassword, hashedPassword, type PasswordCheck, remembering } from './password.js'

/** One user. Texts hold one character a byte. */
export interface UserOptions {
  /** A hash of crypt(3): `$5$`, `$6$` (both by the package `unixcrypt`) or `$2y$` (by `bcryptjs`). HAProxy: `password`. */
  readonly password?: string | undefined
  /** The password in clear. HAProxy: `insecure-password`. */
  readonly insecurePassword?: string | undefined
  readonly groups?: readonly string[] | undefined
}

/** Users by name: an object, or pairs. */
export type Users = Readonly<Record<string, UserOptions>> | Iterable<readonly [name: string, user: UserOptions]>

interface User {
  readonly check: PasswordCheck
  readonly groups: ReadonlySet<string>
}

const userOptions = z.strictObject({
  password: z.string().optional(),
  insecurePassword: z.string().optional(),
  groups: z.array(z.string()).optional(),
})

const nobody: ReadonlySet<string> = new Set()

/**
 * Who may come in. HAProxy: section `userlist`.
 *
 * ```ts
 * const staff = new UserList('staff', {
 *   tiger: { password: '$6$k6y3o.eP$JlKBx9za9667qe4…', groups: ['admins'] },
 *   scott: { insecurePassword: 'elgato' },
 * })
 * ```
 *
 * Checking a hash holds up everything else for about 10 ms. A user's last right and last wrong password are remembered (as a digest under a key
 * of this list), so that it happens once for each client that knows its password; somebody who tries out passwords for a known user's name still
 * costs that time for each: put a rate limit before such a rule. Passwords of more than 511 bytes never match a hash.
 *
 * @throws {OptionError} on wrong options
 * @throws {PasswordError} on a hash for which there is no package
 */
export class UserList {
  readonly name: string
  readonly #users = new Map<string, User>()

  constructor(name: string, users: Users) {
    const subject = `UserList '${name}'`
    this.name = checkOptions(subject, nameOption, name)
    const key = randomBytes(32)
    const pairs = Symbol.iterator in users ? (users as Iterable<readonly [string, UserOptions]>) : Object.entries(users)
    for (const [user, options] of pairs) {
      if (this.#users.has(user)) throw new OptionError(subject, user, 'there is another user of that name')
      this.#users.set(user, makeUser(`${subject}: user '${user}'`, options, key))
    }
  }

  /** Whether there is such a user, and this is the password. A user without a password never gets in. */
  check(user: string, password: string): boolean {
    return this.#users.get(user)?.check(password) ?? false
  }

  /** The groups of a user; none for somebody who is not in the list. */
  groups(user: string): ReadonlySet<string> {
    return this.#users.get(user)?.groups ?? nobody
  }
}

function makeUser(subject: string, options: UserOptions, key: Buffer): User {
  const { password, insecurePassword, groups } = checkOptions(subject, userOptions, options)
  if (password !== undefined && insecurePassword !== undefined)
    throw new OptionError(subject, 'insecurePassword', "give it or 'password', not both")
  const hashed = password === undefined ? undefined : hashedPassword(password)
  const clear = insecurePassword === undefined ? undefined : clearPassword(insecurePassword)
  const check = hashed === undefined ? clear : remembering(hashed, key)
  return { check: check ?? (() => false), groups: new Set(groups) }
}
