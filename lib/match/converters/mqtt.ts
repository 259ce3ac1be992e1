/** Converters that look into the first packet of an MQTT connection: CONNECT of the client, CONNACK of the server (3.1, 3.1.1 and 5.0). */
import { OptionError } from '../../base/errors.js'
import { type ConverterDefinition, defineConverter } from '../converter.js'

type Shape = 'flag' | 'two' | 'four' | 'text' | 'pair'

const CONNECT = 1
const CONNACK = 2

/** The properties of version 5 by number, and how they are written. */
const SHAPES: ReadonlyMap<number, Shape> = new Map([
  [1, 'flag'],
  [2, 'four'],
  [3, 'text'],
  [8, 'text'],
  [9, 'text'],
  [17, 'four'],
  [18, 'text'],
  [19, 'two'],
  [21, 'text'],
  [22, 'text'],
  [23, 'flag'],
  [24, 'four'],
  [25, 'flag'],
  [26, 'text'],
  [28, 'text'],
  [31, 'text'],
  [33, 'two'],
  [34, 'two'],
  [36, 'flag'],
  [37, 'flag'],
  [38, 'pair'],
  [39, 'four'],
  [40, 'flag'],
  [41, 'flag'],
  [42, 'flag'],
])

const OF_CONNECT: readonly number[] = [17, 33, 39, 34, 25, 23, 38, 21, 22]
const OF_WILL: readonly number[] = [24, 1, 2, 3, 8, 9, 38]
const OF_CONNACK: readonly number[] = [17, 33, 36, 37, 39, 18, 34, 31, 38, 40, 41, 42, 19, 26, 28, 21, 22]

/** What can be asked of a packet; properties by their number. */
const FIELDS: ReadonlyMap<number, readonly string[]> = new Map([
  [
    CONNECT,
    [
      ...'flags protocol_name protocol_version client_identifier will_topic will_payload username password keepalive'.split(
        ' ',
      ),
      ...[...OF_CONNECT, ...OF_WILL].map(String),
    ],
  ],
  [CONNACK, ['flags', 'protocol_version', 'reason_code', ...OF_CONNACK.map(String)]],
])

const TYPES =
  'connect connack publish puback pubrec pubrel pubcomp subscribe suback unsubscribe unsuback pingreq pingresp disconnect auth'.split(
    ' ',
  )

/** The converters of MQTT. */
export const mqttConverters: readonly ConverterDefinition[] = [
  defineConverter({
    name: 'mqtt_is_valid',
    from: 'bin',
    type: 'bool',
    prepare: () => (value) => {
      const packet = readPacket(value)
      return packet === undefined ? undefined : packet !== false
    },
  }),
  defineConverter({
    name: 'mqtt_field_value',
    from: 'bin',
    type: 'str',
    arguments: [
      { name: 'pkt_type', type: 'string' },
      { name: 'fieldname_or_prop_ID', type: 'string' },
    ],
    prepare: ([givenType, givenField]) => {
      const type = readType(String(givenType))
      const field = String(givenField).toLowerCase()
      const known = FIELDS.get(type) ?? []
      if (!known.includes(field)) {
        const problem = `'${givenField}' is not asked of packets of type '${givenType}': ${known.join(', ') || 'nothing is'}`
        throw new OptionError("converter 'mqtt_field_value'", 'fieldname_or_prop_ID', problem)
      }
      return (value) => {
        const packet = readPacket(value)
        if (packet === undefined || packet === false || packet.type !== type) return undefined
        return packet.fields.get(field) ?? absent(packet, field)
      }
    },
  }),
]

function readType(text: string): number {
  const type = /^\d{1,2}$/.test(text) ? Number(text) : TYPES.indexOf(text.toLowerCase()) + 1
  if (type >= 1 && type <= TYPES.length) return type
  throw new OptionError("converter 'mqtt_field_value'", 'pkt_type', `'${text}' is no type of packets, as connect is`)
}

interface Packet {
  readonly type: number
  readonly version: number
  readonly fields: ReadonlyMap<string, string>
}

/** In version 5, numbers that are not there are 0. */
function absent({ version }: Packet, field: string): string | undefined {
  const shape = SHAPES.get(Number(field))
  return version === 5 && shape !== undefined && shape !== 'text' && shape !== 'pair' ? '0' : undefined
}

/** The packet that comes first; nothing when more of it has to come, `false` when it is none. */
function readPacket(bytes: Buffer): Packet | false | undefined {
  if (bytes.length < 2) return undefined
  let length = 0
  let at = 1
  for (let shift = 1; ; shift *= 128, at++) {
    const byte = bytes[at]
    if (byte === undefined) return undefined
    if (at > 4) return false
    length += (byte & 0x7f) * shift
    if (byte < 0x80) break
  }
  const type = bytes[0]! >> 4
  if ((bytes[0]! & 0x0f) !== 0 || (type !== CONNECT && type !== CONNACK)) return false
  const end = at + 1 + length
  if (end > bytes.length) return undefined
  const reader = new PacketReader(bytes.subarray(at + 1, end))
  const version = type === CONNECT ? readConnect(reader) : readConnack(reader, length)
  return version === undefined || !reader.finished ? false : { type, version, fields: reader.fields }
}

const NAMES: readonly unknown[] = ['MQTT', 'MQIsdp']

/** Gives the version of the protocol. */
function readConnect(reader: PacketReader): number | undefined {
  const name = reader.text('protocol_name')
  const version = reader.number('protocol_version', 1)
  const flags = reader.number('flags', 1)
  reader.number('keepalive', 2)
  if (!NAMES.includes(name) || version < 3 || version > 5 || (flags & 1) !== 0) return undefined
  if (version === 5 && !reader.properties(OF_CONNECT)) return undefined
  reader.text('client_identifier')
  if ((flags & 0x04) !== 0) {
    if (version === 5 && !reader.properties(OF_WILL)) return undefined
    reader.text('will_topic')
    reader.text('will_payload')
  }
  if ((flags & 0x80) !== 0) reader.text('username')
  if ((flags & 0x40) !== 0) reader.text('password')
  return version
}

/** Only version 5 has more than two bytes. */
function readConnack(reader: PacketReader, length: number): number | undefined {
  const version = length === 2 ? 4 : 5
  const flags = reader.number('flags', 1)
  reader.number('reason_code', 1)
  reader.fields.set('protocol_version', String(version))
  if (flags > 1 || (version === 5 && !reader.properties(OF_CONNACK))) return undefined
  return version
}

/** Goes through a packet once and keeps what it finds. */
class PacketReader {
  readonly fields = new Map<string, string>()
  readonly #bytes: Buffer
  #at = 0
  #failed = false

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** All was there, and nothing is left. */
  get finished(): boolean {
    return !this.#failed && this.#at === this.#bytes.length
  }

  number(field: string | undefined, size: number): number {
    if (this.#failed || this.#at + size > this.#bytes.length) {
      this.#failed = true
      return 0
    }
    const value = this.#bytes.readUIntBE(this.#at, size)
    this.#at += size
    if (field !== undefined) this.fields.set(field, String(value))
    return value
  }

  text(field: string | undefined): string {
    const length = this.number(undefined, 2)
    if (this.#failed || this.#at + length > this.#bytes.length) {
      this.#failed = true
      return ''
    }
    const value = this.#bytes.toString('latin1', this.#at, this.#at + length)
    this.#at += length
    if (field !== undefined) this.fields.set(field, value)
    return value
  }

  /** Properties of version 5: only the allowed ones, each once but those that users define. */
  properties(allowed: readonly number[]): boolean {
    const end = this.#varint() + this.#at
    while (!this.#failed && this.#at < end) {
      const number = this.number(undefined, 1)
      const field = String(number)
      if (!allowed.includes(number) || (number !== 38 && this.fields.has(field))) return false
      if (!this.#property(field, SHAPES.get(number) as Shape)) return false
    }
    return !this.#failed && this.#at === end
  }

  #property(field: string, shape: Shape): boolean {
    switch (shape) {
      case 'flag':
        return this.number(field, 1) <= 1
      case 'two':
        return this.number(field, 2) >= 0
      case 'four':
        return this.number(field, 4) >= 0
      case 'text':
        this.text(field)
        return true
      default:
        // HAProxy does not tell them.
        this.text(undefined)
        this.text(undefined)
        return true
    }
  }

  #varint(): number {
    let value = 0
    for (let shift = 1; shift < 128 ** 4; shift *= 128) {
      const byte = this.number(undefined, 1)
      value += (byte & 0x7f) * shift
      if (byte < 0x80) return value
    }
    this.#failed = true
    return 0
  }
}
