/** The pieces that most scenarios are set up from. */
import {
  Backend,
  type BackendOptions,
  Frontend,
  type FrontendOptions,
  Server,
  type ServerOptions,
} from '../../../lib/index.js'
import { type Handler, reply } from '../../../lib/testing/index.js'
import type { Setup } from './rig.js'

export const BIND = '127.0.0.1:0'

/** One frontend before one backend with the servers of these names. */
export function simple(
  servers: readonly string[],
  frontend: FrontendOptions = {},
  backend: BackendOptions = {},
  server: ServerOptions = {},
): Setup {
  return (at) =>
    new Frontend('fe', {
      bind: BIND,
      defaultBackend: new Backend('be', {
        mode: frontend.mode ?? 'http',
        servers: servers.map((name) => new Server(name, at(name), server)),
        ...backend,
      }),
      ...frontend,
    })
}

/** A server that answers with its name. */
export const named: Handler = ({ server }) => reply(200, server)

export const get = (path = '/', fields = ''): string => `GET ${path} HTTP/1.1\r\nHost: example.test\r\n${fields}\r\n`
export const last = (path = '/', fields = ''): string => get(path, `${fields}Connection: close\r\n`)
export const ok = (body: string, fields = ''): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n${fields}\r\n${body}`

/** The bodies of pipelined answers of a known length, in order. */
export function bodies(received: string): string[] {
  const found: string[] = []
  for (let rest = received; ; ) {
    const head = rest.indexOf('\r\n\r\n')
    if (head === -1) return found
    const length = Number(/content-length: (\d+)/i.exec(rest.slice(0, head))?.[1] ?? 0)
    found.push(rest.slice(head + 4, head + 4 + length))
    rest = rest.slice(head + 4 + length)
  }
}
