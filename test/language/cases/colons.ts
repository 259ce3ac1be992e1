/** Names of fields with a colon behind them, and the fields of one connection among those of a request. */
import type { LanguageCase } from '../case.js'

const request = (fields: string): string => `GET / HTTP/1.1\r\nHost: x\r\n${fields}\r\n`

const colon = 'a colon is no part of a name: no server would find the field'
const connection = 'rules see the field as the client wrote it, and what it names is gone by then'

export const cases: readonly LanguageCase[] = [
  {
    name: 'a colon behind the name',
    covers: ['action:http-request set-header', 'action:http-request add-header'],
    frontend: ['http-request set-header X-Forwarded-Proto: http', 'http-request add-header X-A: a'],
    sees: ['server'],
    differs: colon,
    expect: '[server] GET / HTTP/1.1\nhost: www.example.com\nx-forwarded-proto: http\nx-a: a',
  },
  {
    name: 'a colon behind the name of a field that is there',
    covers: ['action:http-request replace-header', 'action:http-request del-header'],
    frontend: ['http-request replace-header X-A: .* new', 'http-request del-header X-B:'],
    send: request('X-A: old\r\nX-B: b\r\n'),
    sees: ['server'],
    differs: colon,
    expect: '[server] GET / HTTP/1.1\nhost: x\nx-a: new',
  },
  {
    name: 'a colon behind the name of an answer',
    covers: ['action:http-request return'],
    frontend: ['http-request return status 204 hdr X-A: a'],
    differs: colon,
    expect: 'HTTP/1.1 204 No Content\nx-a: a',
  },
  {
    name: 'the connection among the names',
    covers: ['fetch:req.hdr_names'],
    expression: 'req.hdr_names',
    send: request('X-A: a\r\nConnection: close\r\n'),
    differs: connection,
    expect: 'host,x-a,connection',
  },
  {
    name: 'a field of the connection among the names',
    covers: ['fetch:req.hdr_names'],
    expression: 'req.hdr_names',
    send: request('X-A: a\r\nConnection: X-A, X-B\r\n'),
    differs: connection,
    expect: 'host,connection',
  },
]
