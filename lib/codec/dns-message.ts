/** Questions to name servers and what they answer (RFC 1035, 2782, 6891): bytes from and to plain values. Whether an answer is to be trusted is judged elsewhere. */
import dnsPacket from 'dns-packet'

/** What is asked for. */
export type RecordType = 'A' | 'AAAA' | 'SRV'

/** One record that somebody may be interested in; names are in lower case. */
export type DnsRecord =
  | { readonly name: string; readonly type: 'A' | 'AAAA'; readonly address: string }
  | { readonly name: string; readonly type: 'CNAME'; readonly target: string }
  | {
      readonly name: string
      readonly type: 'SRV'
      readonly priority: number
      readonly weight: number
      readonly port: number
      readonly target: string
    }

/** What a name server said. */
export interface DnsAnswer {
  readonly id: number
  /** 0 is success, 2 a failure, 3 no such name, 5 a refusal. */
  readonly code: number
  readonly truncated: boolean
  /** What it says it was asked, letter by letter. */
  readonly question: { readonly name: string; readonly type: string } | undefined
  readonly answers: readonly DnsRecord[]
  readonly additionals: readonly DnsRecord[]
}

const HEAD = 12
const LEAST_QUESTION = 5
const LEAST_RECORD = 11
const RECURSION_DESIRED = 0x0100

/** A question; `payload` is how long an answer by UDP may be. */
export function encodeQuestion(id: number, name: string, type: RecordType, payload: number): Buffer {
  return dnsPacket.encode({
    type: 'query',
    id,
    flags: RECURSION_DESIRED,
    questions: [{ type, name }],
    additionals: [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize: payload,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [],
      },
    ],
  })
}

/** Whether a name can be asked for: labels of 1 to 63 bytes, at most 253 in all. */
export function isName(name: string): boolean {
  return name.length <= 254 && /^(?:[A-Za-z0-9_-]{1,63}\.)*[A-Za-z0-9_-]{1,63}\.?$/.test(name)
}

/** Reads an answer; `undefined` when it is none. Never throws. */
export function decodeAnswer(bytes: Buffer): DnsAnswer | undefined {
  if (!isPlausible(bytes)) return undefined
  try {
    const packet = dnsPacket.decode(bytes)
    const [question] = packet.questions ?? []
    return {
      id: packet.id ?? 0,
      code: bytes.readUInt16BE(2) & 0xf,
      truncated: packet.flag_tc === true,
      question:
        packet.questions?.length === 1 && question !== undefined && (question.class ?? 'IN') === 'IN'
          ? { name: question.name, type: question.type }
          : undefined,
      answers: recordsOf(packet.answers),
      additionals: recordsOf(packet.additionals),
    }
  } catch {
    return undefined
  }
}

/** An answer, and one that can hold as many records as it says: the library makes room for them before it looks. */
function isPlausible(bytes: Buffer): boolean {
  if (bytes.length < HEAD || (bytes.readUInt16BE(2) & 0x8000) === 0) return false
  const records = bytes.readUInt16BE(6) + bytes.readUInt16BE(8) + bytes.readUInt16BE(10)
  return HEAD + bytes.readUInt16BE(4) * LEAST_QUESTION + records * LEAST_RECORD <= bytes.length
}

function recordsOf(given: readonly dnsPacket.Answer[] = []): DnsRecord[] {
  const records: DnsRecord[] = []
  for (const record of given) {
    const read = recordOf(record)
    if (read !== undefined) records.push(read)
  }
  return records
}

function recordOf(record: dnsPacket.Answer): DnsRecord | undefined {
  const name = record.name.toLowerCase()
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return { name, type: record.type, address: record.data }
    case 'CNAME':
      return { name, type: 'CNAME', target: record.data.toLowerCase() }
    case 'SRV': {
      const { priority = 0, weight = 0, port, target } = record.data
      return { name, type: 'SRV', priority, weight, port, target: target.toLowerCase() }
    }
    default:
      return undefined
  }
}
