/** What HAProxy's HTTP/1 parser calls the place where a message broke, with the number that it has for it. */
import type { InvalidMessage } from '../observe/invalid-message.js'

const STATES = {
  MSG_RQBEFORE: 0,
  MSG_RQMETH: 2,
  MSG_RQURI: 4,
  MSG_RQVER: 6,
  MSG_RPVER: 10,
  MSG_RPCODE: 12,
  MSG_HDR_NAME: 17,
  MSG_HDR_VAL: 22,
  MSG_HDR_L2_LF: 23,
  MSG_HDR_L2_LWS: 24,
  MSG_LAST_LF: 25,
  MSG_CHUNK_SIZE: 26,
  MSG_DATA: 27,
  MSG_CHUNK_CRLF: 28,
  MSG_TRAILERS: 29,
  MSG_DONE: 30,
} as const

type State = keyof typeof STATES

/** As in `MSG_HDR_NAME(17)`. */
export function messageState(one: InvalidMessage, side: 'request' | 'response'): string {
  const state = stateOf(one, side)
  return `${state}(${STATES[state]})`
}

function stateOf({ bytes, place, position }: InvalidMessage, side: 'request' | 'response'): State {
  switch (place) {
    case 'chunkSize':
      return 'MSG_CHUNK_SIZE'
    case 'chunkEnd':
      return 'MSG_CHUNK_CRLF'
    case 'trailers':
      return 'MSG_TRAILERS'
    default: {
      const head = bytes.toString('latin1')
      if (place === 'headEnd') return /\n\r?\n$/.test(head.slice(0, position)) ? bodyState(head) : 'MSG_LAST_LF'
      const first = /^(?:\r?\n)*/.exec(head)?.[0].length ?? 0
      const end = head.indexOf('\n', first)
      if (end !== -1 && position > end) return fieldState(head, position)
      const line = head.slice(first, end === -1 ? undefined : end).replace(/\r$/, '')
      return side === 'request' ? requestLineState(line, position - first) : statusLineState(line, position - first)
    }
  }
}

/** A head that had come whole, and says what it must not of its body. */
function bodyState(head: string): State {
  if (/\ntransfer-encoding:[^\n]*chunked[ \t]*\r?\n/i.test(head)) return 'MSG_CHUNK_SIZE'
  return /\n(?:transfer-encoding|content-length):/i.test(head) ? 'MSG_DATA' : 'MSG_DONE'
}

function fieldState(head: string, position: number): State {
  const start = head.lastIndexOf('\n', position - 1) + 1
  const colon = head.indexOf(':', start)
  if (colon === -1 || position <= colon) return 'MSG_HDR_NAME'
  if (head[position - 1] === '\r') return 'MSG_HDR_L2_LF'
  return /^[ \t]*$/.test(head.slice(colon + 1, position)) ? 'MSG_HDR_L2_LWS' : 'MSG_HDR_VAL'
}

function requestLineState(line: string, position: number): State {
  const method = line.indexOf(' ')
  if (position >= line.length && method === -1) return 'MSG_DATA'
  if (method === -1 || position <= method) return position === 0 ? 'MSG_RQBEFORE' : 'MSG_RQMETH'
  const target = line.indexOf(' ', method + 1)
  if (target === -1 || position <= target) return 'MSG_RQURI'
  return position === target + 1 ? 'MSG_DATA' : 'MSG_RQVER'
}

function statusLineState(line: string, position: number): State {
  if (position === 0 && line.startsWith('HTTP/')) return 'MSG_DATA'
  return position < 9 ? 'MSG_RPVER' : 'MSG_RPCODE'
}
