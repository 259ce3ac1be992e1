/** The tutorials' configurations, made to listen and to find their servers where a test has them, and the requests that are sent there. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { always } from '../cases/product.js'
import type { OriginScript } from './origin.js'
import { root } from './proxy.js'

export const seed = (name: string): string => readFileSync(join(root, 'test/interop/seeds', `${name}.cfg`), 'latin1')

/** Each backend's servers get the port of the origin that has the backend's or the server's name. */
export function adapt(text: string, port: number, servers: (name: string) => number): string {
  let section = ''
  return text
    .split('\n')
    .map((line) => {
      section = /^\s*backend\s+(\S+)/.exec(line)?.[1] ?? section
      const server = /^(\s*server\s+(\S+)\s+)\S+(.*)$/.exec(line)
      if (server) return `${server[1]}127.0.0.1:${servers(server[2] === 'stub' ? section : server[2]!)}${server[3]}`
      return line.replace(/^(\s*bind)\s+\S+/, `$1 127.0.0.1:${port}`)
    })
    .join('\n')
}

/** Servers that answer everything with their names. */
export const named = (...names: string[]): Record<string, OriginScript> =>
  Object.fromEntries(names.map((name) => [name, always(name)]))

export const request = (method: string, path: string, fields = ''): string =>
  `${method} ${path} HTTP/1.1\r\nHost: www.example.com\r\nConnection: close\r\n${fields}\r\n`

export const toHost = (host: string): string => `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`

export const bodyOf = (response: string): string => response.slice(response.indexOf('\r\n\r\n') + 4)
export const statusOf = (response: string): number => Number(response.slice(9, 12))
