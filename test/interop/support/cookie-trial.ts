/** Sequences of requests with cookies through one proxy program: what each client was told, what its server saw, and what was logged. */

import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from './ports.js'
import { ProxyProcess } from './proxy.js'
import { Syslog } from './syslog.js'
import { ask } from './talk.js'

/** One exchange on a connection of its own, or an order to the proxy. */
export type CookieStep =
  | {
      /** `Cookie` fields. `{date:-60}`: the date of a minute ago, as cookies write it. `{last}`: what the last answer has set, up to its attributes. */
      readonly cookies?: readonly string[]
      readonly method?: string
      readonly path?: string
      /** Further fields of the request. */
      readonly fields?: readonly string[]
      /** Fields of the server's answer. */
      readonly give?: readonly string[]
      /** As in `404 Not Found`. */
      readonly status?: string
    }
  | { readonly order: string }

export interface CookieSetup {
  readonly name: string
  readonly frontend?: readonly string[]
  readonly backend: readonly string[]
  /** Default: s1 to s3 with the cookies a, b and c. `{1}` is the first server's port, `{dead}` one where nobody listens. */
  readonly servers?: readonly string[]
  readonly steps: readonly CookieStep[]
}

const SERVERS = [
  'server s1 127.0.0.1:{1} cookie a',
  'server s2 127.0.0.1:{2} cookie b',
  'server s3 127.0.0.1:{3} cookie c',
]

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Seconds since 1970 as cookies write them: in fours, five digits of 64. */
export function cookieDate(seconds: number): string {
  let text = ''
  for (let shift = 26; shift >= 2; shift -= 6) text += DIGITS[Math.floor(seconds / 2 ** shift) % 64]
  return text
}

function secondsOf(date: string): number {
  return 4 * [...date].reduce((sum, digit) => sum * 64 + DIGITS.indexOf(digit), 0)
}

const now = (): number => Math.floor(Date.now() / 1000)

/** Three servers that say who they are, what cookies they saw, and what they were asked to say; one request a connection. */
export class Mirrors {
  readonly #servers: Server[] = []
  readonly ports: number[] = []

  async open(): Promise<void> {
    for (let number = 1; number <= 3; number++) {
      const server = createServer((socket) => {
        let text = ''
        socket.on('error', () => {})
        socket.setEncoding('latin1').on('data', (part: string) => {
          text += part
          if (text.includes('\r\n\r\n')) socket.end(mirrored(`s${number}`, text), 'latin1')
        })
      })
      const port = await freePort()
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
      this.#servers.push(server)
      this.ports.push(port)
    }
  }

  close(): void {
    for (const server of this.#servers) server.close()
  }
}

/** The answer of a server. Its body tells which fields of the request mattered, byte for byte. */
function mirrored(name: string, text: string): string {
  const [line = '', ...fields] = text.slice(0, text.indexOf('\r\n\r\n')).split('\r\n')
  const of = (wanted: string): string[] =>
    fields
      .filter((field) => field.toLowerCase().startsWith(`${wanted}: `))
      .map((field) => field.slice(wanted.length + 2))
  const give = JSON.parse(Buffer.from(of('x-give')[0] ?? 'W10=', 'base64').toString('latin1')) as string[]
  const cookies = fields.filter((field) => /^cookie\b/i.test(field)).map((field) => field.slice(7))
  const body = `${name} saw ${JSON.stringify([...cookies, ...of('x-told')])}`
  const status = of('x-status')[0] ?? '200 OK'
  const bodiless = /^(1|204|304)/.test(status)
  const length = bodiless ? [] : [`content-length: ${body.length}`]
  return `${[`HTTP/1.1 ${status}`, ...length, ...give].join('\r\n')}\r\n\r\n${bodiless || line.startsWith('HEAD') ? '' : body}`
}

/** What a play is besides its setups. */
export interface TrialOptions {
  /** Dates stay as they are. */
  readonly raw?: boolean
  /** Further sections of the configuration. */
  readonly sections?: string
}

/** Plays setups, all in one process, before servers that are there. @returns for each setup what each of its exchanges showed */
export async function tryCookies(
  program: readonly string[],
  setups: readonly CookieSetup[],
  mirrors: Mirrors,
  { raw = false, sections: further = '' }: TrialOptions = {},
): Promise<string[][]> {
  const log = new Syslog()
  await log.open()
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-cookies-'))
  const socket = join(folder, 'admin.sock')
  const dead = await freePort()
  const ready = await freePort()
  const ports: number[] = []
  for (const _ of setups) ports.push(await freePort())
  const fill = (line: string, number: number): string =>
    line
      .replace(/\{(\d)\}/g, (_, server: string) => String(mirrors.ports[Number(server) - 1]))
      .replaceAll('{dead}', String(dead))
      .replaceAll('{be}', `be${number}`)
  const sections = setups.map(
    ({ frontend = [], backend, servers = SERVERS }, n) => `
frontend fe${n}
  bind 127.0.0.1:${ports[n]}
  log-format "%ft %b/%s %ST %tsc %rc %CC %CS"
  default_backend be${n}
${frontend.map((line) => `  ${line}`).join('\n')}
backend be${n}
${[...backend, ...servers].map((line) => `  ${fill(line, n)}`).join('\n')}`,
  )
  const config = `global
  stats socket ${socket} level admin
defaults
  mode http
  log 127.0.0.1:${log.port} local0
  option http-server-close
  timeout connect 2s
  timeout client 10s
  timeout server 10s
  timeout queue 2s
${sections.join('\n')}
${further}
frontend ready
  bind 127.0.0.1:${ready}
`
  const proxy = await ProxyProcess.start(program, config, ready)
  for (let tries = 0; !existsSync(socket) && tries < 400; tries++) await pause(5)
  try {
    return await Promise.all(setups.map((setup, n) => playSteps(setup, ports[n] as number, socket, log, n, raw)))
  } finally {
    await proxy.stop()
    log.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function playSteps(
  { steps }: CookieSetup,
  port: number,
  socket: string,
  log: Syslog,
  n: number,
  raw: boolean,
): Promise<string[]> {
  const shown: string[] = []
  let last = ''
  let exchanges = 0
  for (const step of steps) {
    if ('order' in step) {
      const said = (await ask({ path: socket }, `${step.order.replaceAll('{be}', `be${n}`)}\n`)).trim()
      shown.push(`${step.order}: ${step.order.startsWith('show stat') ? counts(said) : entries(said)}`)
      continue
    }
    const { cookies = [], method = 'GET', path = '/', fields = [], give, status } = step
    const lines = [
      `${method} ${path} HTTP/1.1`,
      'Host: x',
      ...cookies.map((text) => `Cookie: ${fillCookie(text, last)}`),
      ...fields,
      ...(give === undefined ? [] : [`X-Give: ${Buffer.from(JSON.stringify(give), 'latin1').toString('base64')}`]),
      ...(status === undefined ? [] : [`X-Status: ${status}`]),
      'Connection: close',
    ]
    const answer = await ask(port, `${lines.join('\r\n')}\r\n\r\n`)
    last = /^set-cookie: ([^;\r]*)/im.exec(answer)?.[1] ?? last
    const mine = (): string[] => log.other.filter((line) => line.includes(`: fe${n} `))
    for (let tries = 0; mine().length <= exchanges && tries < 400; tries++) await pause(5)
    const told = mine()[exchanges++] ?? 'nothing logged'
    const text = `${plain(answer)}  log: ${told.slice(told.indexOf(']: ') + 3).trim()}`
    shown.push(raw ? text : plainDates(text))
  }
  return shown
}

/** A table without what changes from one run to the next: places in memory, and times, but for whether an entry has just been used. */
const entries = (text: string): string =>
  text
    .replace(/^0x[0-9a-f]+: /gm, '')
    .replace(/ exp=(\d+)/g, (_, left: string) => ` exp=${Math.round(Number(left) / 30_000) / 2}m`)
    .replace(/127\.0\.0\.1:\d+/g, 'place')

/** What persistence and failures have to do with, of what `show stat` says. */
function counts(text: string): string {
  const [names = [], ...rows] = text.split('\n').map((line) => line.split(','))
  const wanted = ['svname', 'stot', 'lbtot', 'wretr', 'wredis', 'econ', 'dreq', 'hrsp_2xx', 'hrsp_5xx', 'cookie']
  return rows.map((row) => wanted.map((name) => `${name} ${row[names.indexOf(name)]}`).join(' ')).join('; ')
}

const fillCookie = (text: string, last: string): string =>
  text
    .replace(/\{date:(-?\d+)\}/g, (_, offset: string) => cookieDate(now() + Number(offset)))
    .replaceAll('{last}', last)

/** Dates as their distance from now: a few seconds are none. */
function plainDates(text: string): string {
  return text.replace(/\|([\w+/]{5})(x?)(?=[|;"\s\]]|$)/g, (whole, date: string, behind: string) => {
    const distance = secondsOf(date) - now()
    if (Math.abs(distance) > 1e6) return whole
    return `|<${Math.abs(distance) < 8 ? 'now' : Math.round(distance / 20) * 20}>${behind}`
  })
}

/** An answer on one line, without what no cookie changes. */
function plain(answer: string): string {
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  const lines = head.split('\r\n').filter((line) => !/^(content-length|connection): /.test(line))
  return `${body} -> ${lines.join(' ; ')}`
}
