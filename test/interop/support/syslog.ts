/** The log lines of a proxy under test, received over UDP syslog and read apart. */

import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

export interface LogLine {
  readonly frontend: string
  /** What two proxies must agree on: target, status, termination, retries, request line. */
  readonly shown: string
}

const HTTP =
  /^(\S+) \[[^\]]+\] (\S+?)~? (\S+) (\S+) (\d+|-1) \d+ (\S+ \S+) (\S{4}) \d+\/\d+(\/\d+\/\d+\/\+?\d+ \d+\/\d+)((?: \{.*\})*) "(.*)"$/
const TCP = /^(\S+) \[[^\]]+\] (\S+?)~? (\S+) (\S+) (\d+) (\S\S) \d+\/\d+(\/\d+\/\d+\/\+?\d+ \d+\/\d+)$/

/** Which stages were reached: times are the run's own. */
const stages = (times: string): string => times.replace(/(?<!-)\d+/g, 'T')

/**
 * Everything but times, ports, the bytes of HTTP (which HAProxy counts in the form of its memory), and how many connections there are: one that has been
 * answered and told to close counts here until its client has closed as well.
 */
function read(message: string): LogLine | undefined {
  const text = message.slice(message.indexOf(']: ') + 3).trimEnd()
  const http = HTTP.exec(text)
  if (http) {
    const [, client, frontend, target, times, status, cookies, termination, busy, captures, request] =
      http as unknown as string[]
    const from = client!.replace(/:\d+$/, '')
    const reached = `${stages(times!)} ${cookies} ac/fc${busy}${captures}`
    return { frontend: frontend!, shown: `${target} ${status} ${termination} ${from} ${reached} "${request}"` }
  }
  const tcp = TCP.exec(text)
  if (tcp) {
    const [, client, frontend, target, times, bytes, termination, busy] = tcp as unknown as string[]
    const from = client!.replace(/:\d+$/, '')
    return {
      frontend: frontend!,
      shown: `${target} ${termination} bytes=${bytes} ${from} ${stages(times!)} ac/fc${busy}`,
    }
  }
  return undefined
}

export class Syslog {
  readonly lines: LogLine[] = []
  /** Lines in no known shape: changes of server state, and faults. */
  readonly other: string[] = []
  readonly #socket: Socket = createSocket('udp4')

  get port(): number {
    return (this.#socket.address() as AddressInfo).port
  }

  async open(): Promise<void> {
    this.#socket.on('message', (bytes) => {
      const text = bytes.toString('latin1')
      const line = read(text)
      if (line === undefined) this.other.push(text)
      else this.lines.push(line)
    })
    this.#socket.bind(0, '127.0.0.1')
    await once(this.#socket, 'listening')
  }

  of(frontend: string): string[] {
    return this.lines.filter((line) => line.frontend === frontend).map((line) => line.shown)
  }

  close(): void {
    this.#socket.close()
  }
}
