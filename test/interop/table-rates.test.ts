/** What tables count over time, through HAProxy and through fairlead: every rate that either shows is one that its manual's formula gives for what was sent when. */

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { freePort } from './support/ports.js'
import { missing } from './support/programs.js'
import { haproxy, ProxyProcess, subject } from './support/proxy.js'

t.setTimeout(0)

/** Milliseconds. */
const PERIODS = [1500, 4000] as const

const config = (port: number): string => `
defaults
  mode http
  timeout client 30s
  timeout server 30s
  timeout connect 5s
frontend short
  bind 127.0.0.1:${port}
  stick-table type ip size 100 expire 1m store http_req_rate(${PERIODS[0]}),http_req_cnt
  http-request track-sc0 src if { path /hit }
  http-request track-sc1 src table long if { path /hit }
  http-request return status 200 hdr x-seen "%[src_http_req_rate(short)] %[src_http_req_rate(long)] %[src_http_req_cnt(short)]"
backend long
  stick-table type ip size 100 expire 1m store http_req_rate(${PERIODS[1]})
`

/** What a client does: how many requests count at which millisecond, and when it looks at the rates. */
interface Script {
  readonly name: string
  readonly hits: readonly (readonly [at: number, count: number])[]
  readonly looks: readonly number[]
}

const every = (step: number, until: number, count: number): [number, number][] =>
  Array.from({ length: Math.ceil(until / step) }, (_, index) => [index * step, count])

const scripts: readonly Script[] = [
  { name: 'a burst', hits: [[0, 60]], looks: [400, 1000, 1900, 2300, 2700, 3300, 4600, 6000, 8500] },
  { name: 'a single request', hits: [[0, 1]], looks: [400, 1900, 2700, 3300, 6000, 8500] },
  { name: 'a steady stream', hits: every(180, 5000, 3), looks: [1000, 1950, 3030, 4110, 5190, 5900, 6900] },
  {
    name: 'two bursts in windows that follow each other',
    hits: [
      [0, 30],
      [2000, 20],
    ],
    looks: [700, 1900, 2400, 2850, 3400, 5000],
  }, // prettier-ignore
  {
    name: 'a pause longer than both windows',
    hits: [
      [0, 30],
      [3600, 20],
    ],
    looks: [2600, 3900, 4600, 5600, 6900],
  },
]

/** When something was asked and answered, by our clock: the proxy counted in between. */
interface Moment {
  readonly from: number
  readonly to: number
}

interface Look extends Moment {
  readonly rates: readonly number[]
  readonly count: number
}

class Client {
  readonly socket: Socket
  #told = ''

  private constructor(socket: Socket) {
    this.socket = socket
    socket.setNoDelay(true)
    socket.setEncoding('latin1').on('data', (text: string) => {
      this.#told += text
    })
  }

  static async open(port: number, from: string): Promise<Client> {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from })
    await once(socket, 'connect')
    return new Client(socket)
  }

  async ask(path: string): Promise<Look> {
    const from = performance.now()
    this.#told = ''
    this.socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`)
    while (!this.#told.includes('\r\n\r\n')) await once(this.socket, 'data')
    const to = performance.now()
    const numbers = (/x-seen: (.*)\r\n/.exec(this.#told)?.[1] ?? '').split(' ').map(Number)
    return { from, to, rates: numbers.slice(0, 2), count: numbers[2] ?? Number.NaN }
  }
}

/** The manual's sliding average over two windows, on its own: events by time, seen at a time. */
function rateOf(events: readonly number[], at: number, period: number): number {
  let start = Number.NEGATIVE_INFINITY
  let [present, before] = [0, 0]
  const turn = (now: number): void => {
    if (now - start < period) return
    ;[start, before, present] = now - start < 2 * period ? [start + period, present, 0] : [now, 0, 0]
  }
  for (const event of events) {
    turn(event)
    present++
  }
  if (at - start >= 2 * period) return 0
  turn(at)
  if (present === 0 && before <= 1) return before
  return present + (before * Math.max(0, period - (at - start))) / period
}

/** The rates that there may be when nobody knows at which millisecond between question and answer anything was counted. */
function bounds(hits: readonly Moment[], look: Moment, period: number): [least: number, most: number] {
  const seen: number[] = []
  for (let guess = 0; guess < GUESSES; guess++) {
    // The first two are all as early and all as late as can be; the others anything between, in order.
    const share = (): number => (guess < 2 ? guess : Math.random())
    let last = Number.NEGATIVE_INFINITY
    const events = hits.map(({ from, to }) => {
      last = Math.max(last, Math.round(from - 1 + share() * (to - from + 2)))
      return last
    })
    for (const at of [look.from - 1, look.to + 1]) seen.push(rateOf(events, Math.round(at), period))
  }
  return [Math.floor(Math.min(...seen)), Math.ceil(Math.max(...seen))]
}

/** How often it is guessed when things were counted: at the edge of a window, one more or less in it matters. */
const GUESSES = 300

async function play(command: readonly string[]): Promise<string[]> {
  const port = await freePort()
  const proxy = await ProxyProcess.start(command, config(port), port)
  try {
    return (await Promise.all(scripts.map((script, index) => follow(script, port, `127.0.0.${10 + index}`)))).flat()
  } finally {
    await proxy.stop()
  }
}

/** What is wrong with the rates that a client saw. */
async function follow(script: Script, port: number, from: string): Promise<string[]> {
  const client = await Client.open(port, from)
  const begun = performance.now()
  const steps = [
    ...script.hits.map(([at, count]) => ({ at, count })),
    ...script.looks.map((at) => ({ at, count: 0 })),
  ].sort((a, b) => a.at - b.at)
  const hits: Look[] = []
  const wrong: string[] = []
  for (const { at, count } of steps) {
    await pause(Math.max(0, begun + at - performance.now()))
    for (let i = 0; i < count; i++) hits.push(await client.ask('/hit'))
    if (count > 0) continue
    const look = await client.ask('/look')
    if (look.count !== hits.length) wrong.push(`${script.name}: ${look.count} counted of ${hits.length}`)
    for (const [index, period] of PERIODS.entries()) {
      const [least, most] = bounds(hits, look, period)
      const rate = look.rates[index] ?? Number.NaN
      if (!(rate >= least && rate <= most)) {
        wrong.push(`${script.name}: ${rate} within ${period} ms, seen at ${at} ms, not from ${least} to ${most}`)
      }
    }
  }
  client.socket.destroy()
  return wrong
}

const absent = missing('haproxy')
if (absent !== undefined) t.pass('rates of tables', { skip: absent })
else {
  t.test('rates slide as the formula says', async (t) => {
    const [theirs, ours] = await Promise.all([play(haproxy), play(subject)])
    t.strictSame(theirs, [], 'HAProxy')
    t.strictSame(ours, [], 'fairlead')
  })
}
