/** Upgrades, CONNECT, and sizes at their limits. */

import type { Setup } from '../support/differential.js'
import type { Exchange } from '../support/exchange.js'
import { always, get, ok, SECOND, SECOND_REPLY } from './product.js'
import { simple } from './setups-http.js'

const SWITCH =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n'
const KEY =
  'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n'
const FRAME = '\x81\x85\x01\x02\x03\x04idomn'

const tunnels: Setup = {
  name: 'upgrades and tunnels',
  sections: simple('  option forwardfor'),
  exchanges: [
    {
      name: 'a WebSocket as the first request, the server closes',
      client: [
        { send: get('/ws', KEY) },
        'response',
        { send: FRAME },
        { until: '\x81\x02ok' },
        { open: 'go' },
        'close',
      ],
      origins: {
        s1: [['request', { send: SWITCH }, { until: 'idomn' }, { send: '\x81\x02ok' }, { gate: 'go' }, 'fin', 'end']],
      },
    },
    {
      name: 'a WebSocket after another request, the client closes',
      client: [
        { send: get('/') },
        'response',
        { send: get('/ws', KEY) },
        'response',
        { send: FRAME },
        { until: '\x81\x02ok' },
        'fin',
        'close',
      ],
      origins: {
        s1: [
          [
            'request',
            { send: ok('page') },
            'request',
            { send: SWITCH },
            { until: 'idomn' },
            { send: '\x81\x02ok' },
            'end',
            'fin',
          ],
          ['request', { send: SWITCH }, { until: 'idomn' }, { send: '\x81\x02ok' }, 'end', 'fin'],
        ],
      },
    },
    {
      name: 'server data right behind the 101',
      client: [{ send: get('/ws', KEY) }, 'response', { until: 'greeting' }, 'fin', 'close'],
      origins: { s1: [['request', { send: `${SWITCH}greeting` }, 'end', 'fin']] },
    },
    {
      name: 'client data before the 101',
      client: [
        { send: get('/ws', KEY) + FRAME },
        { seen: '/ws' },
        { pause: 100 },
        { open: 'go' },
        'response',
        { until: 'ok' },
        'fin',
        'close',
      ],
      origins: {
        s1: [['request', { gate: 'go' }, { send: SWITCH }, { until: 'idomn' }, { send: 'ok' }, 'end', 'fin']],
      },
    },
    {
      name: 'an upgrade that the server refuses',
      client: [{ send: get('/ws', KEY) }, 'response', { send: SECOND }, 'response', 'close'],
      origins: { s1: [[{ reply: ['HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno', SECOND_REPLY] }, 'loop']] },
    },
    {
      name: 'an upgrade that the server ignores',
      client: [
        {
          send: get(
            '/',
            'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n',
          ),
        },
        'response',
        { send: SECOND },
        'response',
        'close',
      ],
      origins: { s1: always('plain') },
    },
    {
      name: 'an Upgrade that Connection does not name',
      client: [{ send: get('/', 'Upgrade: websocket\r\n') }, 'response', { send: SECOND }, 'response', 'close'],
      origins: { s1: always('plain') },
    },
    {
      name: 'a WebSocket without a key',
      client: [{ send: get('/ws', 'Upgrade: websocket\r\nConnection: Upgrade\r\n') }, 'response', 'open?'],
      origins: { s1: [['request', { send: SWITCH }, 'end', 'fin']] },
    },
    {
      name: 'a WebSocket answered without accept',
      client: [{ send: get('/ws', KEY) }, 'response', 'open?'],
      origins: {
        s1: [
          [
            'request',
            { send: 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n' },
            'end',
            'fin',
          ],
        ],
      },
    },
    {
      name: 'the client half-closes its WebSocket and still reads',
      client: [{ send: get('/ws', KEY) }, 'response', { send: 'bye' }, 'fin', { until: 'last words' }, 'close'],
      origins: { s1: [['request', { send: SWITCH }, { until: 'bye' }, 'end', { send: 'last words' }, 'fin']] },
    },
    {
      name: 'CONNECT, words both ways',
      client: [
        { send: 'CONNECT example.test:443 HTTP/1.1\r\nHost: example.test:443\r\n\r\n' },
        { response: 'CONNECT' },
        { send: 'hello' },
        { until: 'welcome' },
        'fin',
        'close',
      ],
      origins: {
        s1: [['head', { send: 'HTTP/1.1 200 OK\r\n\r\n' }, { until: 'hello' }, { send: 'welcome' }, 'end', 'fin']],
      },
    },
    {
      name: 'CONNECT that is refused',
      client: [
        { send: 'CONNECT example.test:443 HTTP/1.1\r\nHost: example.test:443\r\n\r\n' },
        'response',
        { send: SECOND },
        'response',
        'close',
      ],
      origins: { s1: [[{ reply: ['HTTP/1.1 405 No\r\nContent-Length: 2\r\n\r\nno', SECOND_REPLY] }, 'loop']] },
    },
  ],
}

const sized = (name: string, request: string): Exchange => ({
  name,
  client: [{ send: request }, 'response', { use: 'b' }, { send: SECOND }, 'response', 'close'],
  origins: { s1: always('fine') },
})

const limits: Setup = {
  name: 'sizes at their limits',
  sections: simple(),
  exchanges: [
    sized('a field of 8 KiB', get('/', `X-Big: ${'x'.repeat(8192)}\r\n`)),
    sized('a head that just fits', get('/', `X-Big: ${'x'.repeat(15_000)}\r\n`)),
    sized('a head over the buffer less its reserve', get('/', `X-Big: ${'x'.repeat(15_700)}\r\n`)),
    sized('a head over the buffer', get('/', `X-Big: ${'x'.repeat(17_000)}\r\n`)),
    sized('a target over the buffer', get(`/${'x'.repeat(17_000)}`)),
    sized('a target of 12 KiB', get(`/${'x'.repeat(12_288)}`)),
    sized('99 fields', get('/', 'X-A: 1\r\n'.repeat(98))),
    sized('101 fields', get('/', 'X-A: 1\r\n'.repeat(100))),
    sized('102 fields', get('/', 'X-A: 1\r\n'.repeat(101))),
    sized('200 fields', get('/', 'X-A: 1\r\n'.repeat(199))),
    sized(
      'a body of 300 kB',
      `POST / HTTP/1.1\r\nHost: example.test\r\nContent-Length: 300000\r\n\r\n${'y'.repeat(300_000)}`,
    ),
    sized(
      'a chunked body of 100 kB in small chunks',
      `POST / HTTP/1.1\r\nHost: example.test\r\nTransfer-Encoding: chunked\r\n\r\n${'64\r\n'.concat('z'.repeat(100), '\r\n').repeat(1000)}0\r\n\r\n`,
    ),
  ],
}

export const tunnelSetups: readonly Setup[] = [tunnels, limits]
