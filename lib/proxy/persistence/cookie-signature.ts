/** Signatures of persistence cookies: who does not know a secret can neither make a value nor give one that was given for another cookie. */
import { createHmac, timingSafeEqual } from 'node:crypto'

/** Bytes of the signature: no more than is needed, since it travels with each request. */
const LENGTH = 16
/** The same in base64url, without its padding. */
const TEXT_LENGTH = 22

/** Signs and checks the values of one cookie. */
export class CookieSignature {
  readonly #name: string
  readonly #secrets: readonly string[]

  /** @param secrets the first signs, all are taken; at least one */
  constructor(name: string, secrets: readonly string[]) {
    this.#name = name
    this.#secrets = secrets
  }

  /** The value with its signature behind a dot. */
  sign(value: string): string {
    return `${value}.${this.#digest(this.#secrets[0] as string, value).toString('base64url')}`
  }

  /** The value without its signature; nothing when that is not ours. */
  open(signed: string): string | undefined {
    const dot = signed.length - TEXT_LENGTH - 1
    if (dot < 1 || signed[dot] !== '.') return undefined
    const given = Buffer.from(signed.slice(dot + 1), 'base64url')
    if (given.length !== LENGTH) return undefined
    const value = signed.slice(0, dot)
    let known = false
    for (const secret of this.#secrets) if (timingSafeEqual(given, this.#digest(secret, value))) known = true
    return known ? value : undefined
  }

  #digest(secret: string, value: string): Buffer {
    return createHmac('sha256', secret).update(`${this.#name}=${value}`, 'latin1').digest().subarray(0, LENGTH)
  }
}
