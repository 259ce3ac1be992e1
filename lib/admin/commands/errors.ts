/** `show errors`: the last request of each frontend, and the last response of each backend, that broke HTTP's rules. Manual of management, 9.3. */
import type { Balancer } from '../../balancer.js'
import type { InvalidMessage } from '../../observe/invalid-message.js'
import { type Command, type CommandCall, CommandError, type Stream } from '../command.js'
import { messageState } from '../message-state.js'
import { dateText } from '../session-text.js'

/** Characters of a line, escapes included, before it goes on in the next one. */
const WIDTH = 70

function showErrors({ balancer, args: [which = '-1', side] }: CommandCall): Stream {
  const id = idOf([...balancer.frontends, ...balancer.backends], which)
  if (id === 0) throw new CommandError('No such proxy.\n')
  return reports(balancer, side, (one) => id < 0 || one.frontendId === id || one.backendId === id)
}

/** By name, by number behind `#`, or as C's `atoi` reads it: less than 0 is all of them, 0 is nobody. */
function idOf(proxies: readonly { readonly name: string; readonly id: number }[], which: string): number {
  const named = proxies.find(({ name, id }) => name === which || `#${id}` === which)
  return named?.id ?? Number(/^[+-]?\d{1,9}/.exec(which)?.[0] ?? 0)
}

function* reports(
  { engine, frontends, backends }: Balancer,
  side: string | undefined,
  concerns: (one: InvalidMessage) => boolean,
): Generator<string> {
  yield `Total events captured on [${moment(engine.clock.wall())}] : ${engine.invalidMessages}\n`
  const kept = (of: Iterable<{ readonly lastInvalid: InvalidMessage | undefined }>): InvalidMessage[] =>
    [...of].flatMap(({ lastInvalid: one }) => (one !== undefined && concerns(one) ? [one] : []))
  if (side !== 'response') for (const one of kept(frontends)) yield `${requestHeader(one)}${text(one, 'request')}`
  if (side !== 'request') for (const one of kept(backends)) yield `${responseHeader(one)}${text(one, 'response')}`
}

/** In milliseconds. */
const moment = (wall: number): string => dateText(wall).slice(0, -3)

const nameOf = (name: string | undefined, id: number): string => `${name ?? '<NONE>'} (#${id})`

function requestHeader(one: InvalidMessage): string {
  return (
    ` \n[${moment(one.wall)}] frontend ${nameOf(one.frontend, one.frontendId)}: invalid request\n` +
    `  backend ${nameOf(one.backend, one.backendId)}, server ${nameOf(one.server, one.serverId)}`
  )
}

function responseHeader(one: InvalidMessage): string {
  return (
    ` \n[${moment(one.wall)}] backend ${nameOf(one.backend, one.backendId)}: invalid response\n` +
    `  frontend ${nameOf(one.frontend, one.frontendId)}, server ${nameOf(one.server, one.serverId)}`
  )
}

/** HAProxy's buffers keep so many bytes for themselves. */
const RESERVED = 48

/** Flags, and how much of a body had been announced, are HAProxy's own affair, and 0 here. */
function text(one: InvalidMessage, side: 'request' | 'response'): string {
  const { event, client, bytes, buffer, position } = one
  return (
    `, event #${event}, src ${client}\n` +
    `  buffer starts at 0 (including 0 out), ${buffer - bytes.length} free,\n` +
    `  len ${bytes.length}, wraps at ${buffer - RESERVED}, error at position ${position}\n` +
    '  H1 connection flags 0x00000000, H1 stream flags 0x00000000\n' +
    `  H1 msg state ${messageState(one, side)}, H1 msg flags 0x00000000\n` +
    '  H1 chunk len 0 bytes, H1 body len 0 bytes :\n' +
    `  \n${dump(bytes)}`
  )
}

/** Each line by the position of its first byte; a `+` marks what goes on with the line before. */
function dump(bytes: Buffer): string {
  let whole = ''
  let line = ''
  let from = 0
  let mark = ' '
  const flush = (next: number, ended: boolean): void => {
    whole += `  ${String(from).padStart(5, '0')}${mark} ${line}\n`
    line = ''
    from = next
    mark = ended ? ' ' : '+'
  }
  for (const [at, byte] of bytes.entries()) {
    const shown = escaped(byte)
    if (line.length + shown.length > WIDTH) flush(at, false)
    line += shown
    if (byte === 0x0a) flush(at + 1, true)
  }
  if (line !== '') flush(bytes.length, true)
  return whole
}

const ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x1b, '\\e'],
  [0x5c, '\\\\'],
])

function escaped(byte: number): string {
  if (byte >= 0x20 && byte < 0x7f && byte !== 0x5c) return String.fromCharCode(byte)
  return ESCAPES.get(byte) ?? `\\x${byte.toString(16).padStart(2, '0').toUpperCase()}`
}

export const errorCommands: readonly Command[] = [
  {
    words: ['show', 'errors'],
    usage: 'show errors [<px>] [request|response]   : report last request and/or response errors for each proxy',
    level: 'operator',
    run: showErrors,
  },
]
