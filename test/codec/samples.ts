/** Well-formed messages of every framing, for the tests that cut and damage them. */
import type { CodecSample } from '../contracts/codec.js'

const chunks = '4\r\nWiki\r\nA;name="v;\\"1"\r\n0123456789\r\n0\r\n'

export const requestSamples: readonly CodecSample[] = [
  {
    name: 'plain',
    side: 'request',
    bytes: 'GET /a?b=c HTTP/1.1\r\nHost: a.example:8080\r\nX-A:\t1 \r\nx-a: 2\r\n\r\n',
  },
  { name: 'length', side: 'request', bytes: 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello' },
  {
    name: 'chunked',
    side: 'request',
    bytes: `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}\r\n`,
  },
  {
    name: 'chunked with trailers, then another',
    side: 'request',
    bytes: `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}X-Sum: 1\r\nHost: b\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n`,
  },
  {
    name: 'pipelined with empty lines between',
    side: 'request',
    bytes:
      '\r\nGET /1 HTTP/1.1\r\nHost: a\r\n\r\n\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nxGET /3 HTTP/1.0\r\n\r\n',
  },
  { name: 'connect', side: 'request', bytes: 'CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n\x16\x03\x01tunnel' },
  {
    name: 'upgrade',
    side: 'request',
    bytes:
      'GET /ws HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: eA==\r\n\r\n\x81\x00',
  },
  {
    name: 'expect',
    side: 'request',
    bytes: 'PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab',
  },
  { name: 'absolute', side: 'request', bytes: 'GET HTTP://A:80/x?y HTTP/1.1\r\nHost: a\r\n\r\n' },
  { name: 'incomplete', side: 'request', bytes: 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhello' },
]

export const responseSamples: readonly CodecSample[] = [
  { name: 'length', side: 'response', bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\nhello' },
  {
    name: 'chunked',
    side: 'response',
    bytes: `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}X-Sum: 1\r\n\r\n`,
  },
  { name: 'until close', side: 'response', bytes: 'HTTP/1.0 200 OK\r\nServer: x\r\n\r\nhello\r\n\r\nworld' },
  { name: 'head', side: 'response', method: 'HEAD', bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n' },
  {
    name: 'interim',
    side: 'response',
    bytes:
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 \r\nContent-Length: 3\r\n\r\n',
  },
  {
    name: 'not modified',
    side: 'response',
    bytes: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nETag: "x"\r\n\r\n',
  },
  {
    name: 'switching',
    side: 'response',
    upgrade: true,
    bytes: 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x00',
  },
  {
    name: 'tunnel',
    side: 'response',
    method: 'CONNECT',
    bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\x16\x03',
  },
  { name: 'too much', side: 'response', bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabHTTP/1.1 200 OK\r\n' },
  { name: 'cut off', side: 'response', bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab' },
]
