/** Converters of the `Forwarded` field (RFC 7239): is it well-formed, what does it say of the first proxy, what are its nodes. */
import { Ip } from '../../base/ip.js'
import { type ConverterDefinition, defineConverter } from '../converter.js'
import type { Value } from '../value.js'

const PARAMETERS = ['proto', 'host', 'for', 'by'] as const

/** The converters of Forwarded. */
export const forwardedConverters: readonly ConverterDefinition[] = [
  defineConverter({
    name: 'rfc7239_is_valid',
    from: 'str',
    type: 'bool',
    prepare: () => (value) => readForwarded(value) !== undefined,
  }),
  defineConverter({
    name: 'rfc7239_field',
    from: 'str',
    type: 'str',
    arguments: [{ name: 'field', type: 'enum', oneOf: PARAMETERS }],
    prepare:
      ([field]) =>
      (value) =>
        readForwarded(value)?.get(String(field)),
  }),
  defineConverter({ name: 'rfc7239_n2nn', from: 'str', type: 'any', prepare: () => (value) => nodeName(value) }),
  defineConverter({ name: 'rfc7239_n2np', from: 'str', type: 'any', prepare: () => (value) => nodePort(value) }),
  defineConverter({ name: 'rfc7239_nn', from: 'any', type: 'str', prepare: () => (value) => writeName(value) }),
  defineConverter({ name: 'rfc7239_np', from: 'any', type: 'str', prepare: () => (value) => writePort(value) }),
]

/** The parameters of the first element, their quotes removed; nothing when the field is not well-formed. */
function readForwarded(text: string): ReadonlyMap<string, string> | undefined {
  let first: Map<string, string> | undefined
  let element = new Map<string, string>()
  for (let at = 0; ; at++) {
    at = skipBlanks(text, at)
    const pair = readPair(text, at)
    if (pair === undefined || element.has(pair.name) || !fits(pair.name, pair.value)) return undefined
    element.set(pair.name, pair.value)
    at = skipBlanks(text, pair.end)
    if (at < text.length && text[at] !== ';' && text[at] !== ',') return undefined
    if (text[at] === ';') continue
    first ??= element
    element = new Map()
    if (at >= text.length) return first
  }
}

function skipBlanks(text: string, from: number): number {
  let at = from
  while (text[at] === ' ' || text[at] === '\t') at++
  return at
}

interface Pair {
  readonly name: string
  readonly value: string
  readonly end: number
}

function readPair(text: string, at: number): Pair | undefined {
  const name = tokenAt(text, at)
  const equals = at + name.length
  if (name === '' || text[equals] !== '=') return undefined
  if (text[equals + 1] !== '"') {
    const value = tokenAt(text, equals + 1)
    return value === '' ? undefined : { name: name.toLowerCase(), value, end: equals + 1 + value.length }
  }
  let value = ''
  for (let index = equals + 2; index < text.length; index++) {
    if (text[index] === '"') return { name: name.toLowerCase(), value, end: index + 1 }
    if (text[index] === '\\') index++
    value += text[index] ?? ''
  }
  return undefined
}

function tokenAt(text: string, at: number): string {
  const token = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y
  token.lastIndex = at
  return token.exec(text)?.[0] ?? ''
}

function fits(name: string, value: string): boolean {
  if (name === 'proto') return /^[A-Za-z][A-Za-z0-9+.-]*$/.test(value)
  if (name === 'host') return /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~!$&'()*+,;=%-]*)(?::\d*)?$/.test(value)
  return (name !== 'for' && name !== 'by') || readNode(value) !== undefined
}

interface Node {
  readonly name: string
  readonly port: string | undefined
}

/** A node's name, without brackets, and its port. */
function readNode(text: string): Node | undefined {
  const [, six, plain = '', port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}|_[A-Za-z0-9._-]+))?$/.exec(text) ?? []
  const known = six === undefined ? isNodeName(plain) : Ip.parse(six)?.family === 6
  if (!known || (port !== undefined && !port.startsWith('_') && Number(port) > 65535)) return undefined
  return { name: six ?? plain, port }
}

const isNodeName = (name: string): boolean =>
  name === 'unknown' || /^_[A-Za-z0-9._-]+$/.test(name) || Ip.parse(name)?.family === 4

function nodeName(text: string): Value | undefined {
  const node = readNode(text)
  return node === undefined ? undefined : (Ip.parse(node.name) ?? node.name)
}

function nodePort(text: string): Value | undefined {
  const port = readNode(text)?.port
  return port === undefined || port.startsWith('_') ? port : Number(port)
}

/** A node's name of an address, or of a text that only its owner understands. */
function writeName(value: Value): string | undefined {
  if (value instanceof Ip) return value.family === 6 ? `[${value}]` : String(value)
  if (typeof value !== 'string') return undefined
  if (value === '') return 'unknown'
  const ip = Ip.parse(value)
  if (ip !== undefined) return writeName(ip)
  return /^[A-Za-z0-9._-]+$/.test(value) ? `_${value}` : undefined
}

function writePort(value: Value): string | undefined {
  if (typeof value === 'number') return value >= 0 && value <= 65535 ? String(value) : undefined
  if (typeof value !== 'string') return undefined
  return /^[A-Za-z0-9._-]+$/.test(value) ? `_${value}` : undefined
}
