/** What a name is known to have: the records of an answer, and which of them still count when an answer comes without them. */
import { Ip } from '../base/ip.js'
import type { DnsAnswer, DnsRecord, RecordType } from '../codec/dns-message.js'

/** An address that a name has. */
export interface AddressFound {
  readonly kind: 'address'
  readonly ip: Ip
}

/** A service that a name has: where it is, and its share. */
export interface ServiceFound {
  readonly kind: 'service'
  readonly target: string
  readonly port: number
  /** 0 to 65535. */
  readonly weight: number
  readonly priority: number
  /** Addresses that were said along with it. */
  readonly ips: readonly Ip[]
}

export type Found = AddressFound | ServiceFound

/** Why an answer has nothing to say. */
export type Nothing = 'none' | 'cname'

/** Names that a name leads to, one after the other, before it is a circle. */
const MOST_ALIASES = 16

/** What an answer says of a name: what it has, or why there is nothing of it. */
export function recordsIn(answer: DnsAnswer, name: string, type: RecordType): readonly Found[] | Nothing {
  const { owner, aliased } = ownerOf(answer.answers, name)
  const found = answer.answers.filter((record) => record.name === owner)
  const records = type === 'SRV' ? services(found, answer) : addresses(found)
  if (records.length > 0) return records
  return aliased && answer.answers.some(({ type }) => type !== 'CNAME') ? 'cname' : 'none'
}

/** Whether an answer took a way over another name. */
export const isAliased = ({ answers }: DnsAnswer): boolean => answers.some(({ type }) => type === 'CNAME')

/** The name at the end of the aliases. */
function ownerOf(records: readonly DnsRecord[], name: string): { readonly owner: string; readonly aliased: boolean } {
  const aliases = new Map<string, string>()
  for (const record of records) if (record.type === 'CNAME') aliases.set(record.name, record.target)
  let owner = name.toLowerCase().replace(/\.$/, '')
  let steps = 0
  for (let next = aliases.get(owner); next !== undefined && steps < MOST_ALIASES; next = aliases.get(owner)) {
    owner = next
    steps++
  }
  return { owner, aliased: steps > 0 }
}

function addresses(records: readonly DnsRecord[]): AddressFound[] {
  const seen = new Map<string, AddressFound>()
  for (const record of records) {
    if (record.type !== 'A' && record.type !== 'AAAA') continue
    const ip = Ip.parse(record.address)
    if (ip !== undefined) seen.set(ip.toString(), { kind: 'address', ip })
  }
  return [...seen.values()]
}

function services(records: readonly DnsRecord[], { answers, additionals }: DnsAnswer): ServiceFound[] {
  const seen = new Map<string, ServiceFound>()
  const along = new Map<string, DnsRecord[]>()
  for (const record of [...answers, ...additionals]) {
    const known = along.get(record.name)
    if (known === undefined) along.set(record.name, [record])
    else known.push(record)
  }
  for (const record of records) {
    // RFC 2782: the root as a target says that there is no such service.
    if (record.type !== 'SRV' || record.target === '.' || record.target === '') continue
    const { target, port, weight, priority } = record
    const ips = addresses(along.get(target) ?? []).map(({ ip }) => ip)
    seen.set(`${target}:${port}`, { kind: 'service', target, port, weight, priority, ips })
  }
  return [...seen.values()]
}

/** What tells a record from the others. */
export const keyOf = (found: Found): string =>
  found.kind === 'address' ? found.ip.toString() : `${found.target}:${found.port}`

/** What a name has, over several answers. */
export class NameRecords<F extends Found = Found> {
  readonly #obsolete: number
  readonly #known = new Map<string, { found: F; seenAt: number }>()

  /** @param obsolete how long a record counts that is not said any more, in milliseconds */
  constructor(obsolete: number) {
    this.#obsolete = obsolete
  }

  /** Takes in a good answer. */
  take(records: readonly F[], now: number): void {
    for (const found of records) this.#known.set(keyOf(found), { found, seenAt: now })
    for (const [key, { seenAt }] of this.#known)
      if (seenAt !== now && now - seenAt >= this.#obsolete) this.#known.delete(key)
  }

  /** All that counts, in the order that it was first said. */
  get current(): readonly F[] {
    return Array.from(this.#known.values(), ({ found }) => found)
  }

  clear(): void {
    this.#known.clear()
  }
}
