/** Name servers in memory: they say what a test has written down, and give every other name an address of its own. */
import dnsPacket from 'dns-packet'
import { Ip } from '../base/ip.js'

/** A place of a service, for SRV records. */
export interface ServicePlace {
  readonly target: string
  readonly port: number
  /** 0 to 65535; default 1. */
  readonly weight?: number
  readonly priority?: number
}

/** What a name has, or what becomes of asking for it; `silent` is never answered. */
export type NameAnswer = readonly (string | ServicePlace)[] | 'nx' | 'refused' | 'failure' | 'silent'

const codes = { nx: 3, refused: 5, failure: 2 } as const

/** What name servers say: what is written down, by name. */
export class MemoryNames extends Map<string, NameAnswer> {
  /** What names that nobody has written down have. */
  readonly #others: (name: string, family: 4 | 6) => string

  constructor(others: (name: string, family: 4 | 6) => string) {
    super()
    this.#others = others
  }

  /** The answer to a question; nothing when none comes. */
  answer(query: Uint8Array): Buffer | undefined {
    const packet = dnsPacket.decode(Buffer.from(query))
    const [question] = packet.questions ?? []
    if (question === undefined) return undefined
    const said = this.get(question.name.toLowerCase()) ?? this.#other(question)
    if (said === 'silent') return undefined
    const code = typeof said === 'string' ? codes[said] : 0
    const answers = typeof said === 'string' ? [] : said.flatMap((one) => record(question, one))
    const flags = 0x0180 | code
    return dnsPacket.encode({ type: 'response', id: packet.id ?? 0, flags, questions: [question], answers })
  }

  #other({ name, type }: dnsPacket.Question): NameAnswer {
    return type === 'A' ? [this.#others(name.toLowerCase(), 4)] : []
  }
}

function record({ name, type }: dnsPacket.Question, said: string | ServicePlace): dnsPacket.Answer[] {
  if (typeof said !== 'string') return type === 'SRV' ? [{ name, type, data: { weight: 1, priority: 0, ...said } }] : []
  const family = Ip.parse(said)?.family
  if ((type === 'A' && family === 4) || (type === 'AAAA' && family === 6)) return [{ name, type, data: said }]
  return []
}
