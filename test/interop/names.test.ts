/** Servers by name in both programs: one script of answers for both gives the same addresses, ports, weights and states, and the same log lines. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { NameServer, type Rec, type Said, type Zone } from '../engine/support/name-server.js'
import { freePort } from './support/ports.js'
import { missing } from './support/programs.js'
import { haproxy, ProxyProcess, subject } from './support/proxy.js'
import { ask } from './support/talk.js'

t.setTimeout(0)

const PATIENCE = 15_000

/** One step: what the name server says from now on, and how the servers have to be then. */
interface Step {
  readonly zone: Zone
  /** In any order where the servers are those of a service: who takes which place is chance. */
  readonly servers: readonly string[]
}

interface Case {
  readonly hold?: string
  /** Lines of the backend `b`. */
  readonly servers: string
  readonly steps: readonly Step[]
  /** Servers are told apart by where they are, not by their names. */
  readonly anonymous?: boolean
}

const HOLD = 'hold nx 600\n  hold refused 600\n  hold timeout 600\n  hold other 600'

async function follow(command: readonly string[], { hold = HOLD, servers, steps, anonymous = false }: Case) {
  await using server = await new NameServer(steps[0]?.zone ?? (() => ({}))).listen()
  const lines: string[] = []
  const log = createSocket('udp4')
  log.on('message', (bytes) => {
    const text = bytes.toString('latin1').trimEnd()
    if (/Server b\/| changed its |backend/.test(text))
      lines.push(`${/^<\d+>/.exec(text)?.[0]} ${text.replace(/^.*?\]: /, '')}`)
  })
  log.bind(0, '127.0.0.1')
  await once(log, 'listening')
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-names-'))
  const socket = join(folder, 'admin')
  const port = await freePort()
  const config = `
global
  log 127.0.0.1:${(log.address() as AddressInfo).port} local0
  stats socket ${socket} level admin
defaults
  mode http
  log global
  timeout connect 1s
  timeout client 3s
  timeout server 3s
resolvers dns
  nameserver ns1 ${server.address}
  accepted_payload_size 8192
  timeout resolve 200
  timeout retry 60
  ${hold}
frontend f
  bind 127.0.0.1:${port}
  default_backend b
backend b
${servers}
`
  const proxy = await ProxyProcess.start(command, config, port)
  const states: (readonly string[])[] = []
  try {
    for (const step of steps) {
      server.zone = step.zone
      states.push(await reached(socket, step.servers, anonymous))
    }
    // Lines come by another way than states.
    for (let before = -1; before !== lines.length; await pause(300)) before = lines.length
    return {
      states,
      lines: anonymous ? lines.filter((line) => !line.includes('administratively')).map(unnamed) : lines,
    }
  } finally {
    await proxy.stop()
    log.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** The states, as soon as they are as they have to be; or as they are in the end. */
async function reached(socket: string, wanted: readonly string[], anonymous: boolean): Promise<readonly string[]> {
  for (const end = Date.now() + PATIENCE; ; ) {
    const answer = await ask({ path: socket }, 'show servers state b\n').catch(() => '')
    const seen = statesIn(answer, anonymous)
    if (JSON.stringify(seen) === JSON.stringify(wanted) || Date.now() > end) return seen
    await pause(40)
  }
}

/** `name address:port fqdn weight up|down`. */
function statesIn(text: string, anonymous: boolean): readonly string[] {
  const servers = text.split('\n').filter((line) => /^\d+ b /.test(line))
  const states = servers.map((line) => {
    const words = line.split(' ')
    const [, , , name, address, operational, admin] = words
    const out = (Number(admin) & 32) !== 0
    const where = out ? '-' : `${address}:${words[18]} ${words[17]} ${words[7]}`
    return `${anonymous ? '' : `${name} `}${where} ${operational === '2' ? 'up' : 'down'}`
  })
  return anonymous ? states.sort() : states
}

/** Who takes which place is chance, and whether its address was known by then. */
const unnamed = (line: string): string => line.replace(/b\/s\d/g, 'b/s').replace(/(\d by) (?:DNS|dns).*/, '$1 {source}')

const has =
  (type: 'A' | 'AAAA', ...addresses: readonly string[]): Zone =>
  (question) =>
    question.type === type ? { answers: addresses.map((data): Rec => ({ name: question.name, type, data })) } : {}
const say =
  (said: Said): Zone =>
  () =>
    said

type Spot = readonly [target: string, port: number, weight: number, address: string]
const spots =
  (places: readonly Spot[], along: boolean): Zone =>
  ({ name, type }) => {
    if (type === 'SRV') {
      const answers = places.map(
        ([target, port, weight]): Rec => ({ name, type: 'SRV', data: { target, port, weight } }),
      )
      const own = new Map(
        places.map(([target, , , data]): [string, Rec] => [target, { name: target, type: 'A', data }]),
      )
      return { answers, additionals: along ? [...own.values()] : [] }
    }
    const place = places.find(([target]) => target === name.toLowerCase())
    if (place === undefined) return { rcode: 'NXDOMAIN' }
    return type === 'A' ? { answers: [{ name, type: 'A', data: place[3] }] } : {}
  }

const NAME = 'api.example.com'
const up = (name: string, address: string, fqdn = NAME): string => `${name} ${address}:80 ${fqdn} 1 up`
const down = (name: string): string => `${name} - down`
const one = `  server s1 ${NAME}:80 resolvers dns init-addr none`
const two = `${one}\n  server s2 ${NAME}:80 resolvers dns init-addr none`

/** An answer that is none, and what was good before and after. */
const lostAndFound = (zone: Zone): Case => ({
  servers: one,
  steps: [
    { zone: has('A', '127.0.0.11'), servers: [up('s1', '127.0.0.11')] },
    { zone, servers: [down('s1')] },
    { zone: has('A', '127.0.0.11'), servers: [up('s1', '127.0.0.11')] },
    { zone: has('A', '127.0.0.12'), servers: [up('s1', '127.0.0.12')] },
  ],
})

const cases: Readonly<Record<string, Case>> = {
  'addresses come, go and are all replaced': {
    servers: two,
    steps: [
      { zone: has('A', '127.0.0.11'), servers: [up('s1', '127.0.0.11'), down('s2')] },
      { zone: has('A', '127.0.0.11', '127.0.0.12'), servers: [up('s1', '127.0.0.11'), up('s2', '127.0.0.12')] },
      { zone: has('A', '127.0.0.12', '127.0.0.13'), servers: [up('s1', '127.0.0.13'), up('s2', '127.0.0.12')] },
      { zone: has('A', '127.0.0.12'), servers: [down('s1'), up('s2', '127.0.0.12')] },
      { zone: has('A', '127.0.0.21'), servers: [up('s1', '127.0.0.21'), down('s2')] },
    ],
  },
  'there is no such name': lostAndFound(say({ rcode: 'NXDOMAIN' })),
  'the name server refuses': lostAndFound(say({ rcode: 'REFUSED' })),
  'the name server fails': lostAndFound(say({ rcode: 'SERVFAIL' })),
  'nobody answers': lostAndFound(say({ silent: true })),
  'there are no records': lostAndFound(say({})),
  'records of another name': lostAndFound(({ type }) =>
    type === 'A' ? { answers: [{ name: 'evil.example.com', type: 'A', data: '127.0.0.66' }] } : {},
  ),
  'what is no answer': lostAndFound(say({ bytes: () => Buffer.from('this is no answer at all') })),
  'the answer to something else': lostAndFound((question) => ({
    ...has('A', '127.0.0.66')(question),
    bytes: (answer) => {
      const other = Buffer.from(answer)
      other[13] = 'z'.charCodeAt(0)
      return other
    },
  })),
  'not whole, and nobody there by TCP': lostAndFound((question) => ({
    ...has('A', '127.0.0.66')(question),
    truncated: true,
  })),
  'IPv6 first, and IPv4 where there is none': {
    servers: `${one}\n  server s4 ${NAME}:80 resolvers dns init-addr none resolve-prefer ipv4`,
    steps: [
      {
        zone: (question) => (question.type === 'AAAA' ? has('AAAA', '2001:db8::1') : has('A', '127.0.0.11'))(question),
        servers: [up('s1', '2001:db8::1'), up('s4', '127.0.0.11')],
      },
    ],
  },
  'an alias of an alias': {
    servers: one,
    steps: [
      {
        zone: ({ name, type }) =>
          type === 'A'
            ? {
                answers: [
                  { name, type: 'CNAME', data: 'b.example.com' },
                  { name: 'b.example.com', type: 'CNAME', data: 'c.example.com' },
                  { name: 'c.example.com', type: 'A', data: '127.0.0.41' },
                ],
              }
            : {},
        servers: [up('s1', '127.0.0.41')],
      },
    ],
  },
  'networks and doubles': {
    servers: `  server s1 ${NAME}:80 resolvers dns init-addr none resolve-net 127.0.0.64/26
  server s2 ${NAME}:80 resolvers dns init-addr none resolve-net 10.0.0.0/8
  server s3 ${NAME}:80 resolvers dns init-addr none
  server s4 ${NAME}:80 resolvers dns init-addr none resolve-opts allow-dup-ip resolve-net 10.0.0.0/8
  server s5 ${NAME}:80 resolvers dns init-addr none`,
    steps: [
      {
        zone: has('A', '127.0.0.31', '127.0.0.70', '10.1.1.1'),
        servers: [
          up('s1', '127.0.0.70'),
          up('s2', '10.1.1.1'),
          up('s3', '127.0.0.31'),
          up('s4', '10.1.1.1'),
          down('s5'),
        ],
      },
    ],
  },
  'an address to begin with, maintenance, and records that stay for a while': {
    hold: `${HOLD}\n  hold obsolete 1s`,
    servers: `  server s1 ${NAME}:80 resolvers dns init-addr 127.0.0.99
  server s2 other.example.com:80 resolvers dns init-addr none disabled`,
    steps: [
      { zone: has('A', '127.0.0.11'), servers: [up('s1', '127.0.0.11'), `s2 127.0.0.11:80 other.example.com 1 down`] },
      { zone: say({ rcode: 'NXDOMAIN' }), servers: [down('s1'), down('s2')] },
      { zone: has('A', '127.0.0.12'), servers: [up('s1', '127.0.0.12'), `s2 127.0.0.12:80 other.example.com 1 down`] },
    ],
  },
  'places of a service, with their addresses': {
    anonymous: true,
    servers: '  server-template s 3 _http._tcp.example.com resolvers dns init-addr none',
    steps: [
      {
        zone: spots(
          [
            ['t1.test', 8001, 1, '127.0.0.21'],
            ['t2.test', 8002, 65_535, '127.0.0.22'],
          ],
          true,
        ),
        servers: ['- down', '127.0.0.21:8001 t1.test 1 up', '127.0.0.22:8002 t2.test 256 up'],
      },
      {
        zone: spots(
          [
            ['t1.test', 8001, 0, '127.0.0.21'],
            ['t2.test', 8002, 256, '127.0.0.22'],
            ['t3.test', 8003, 257, '127.0.0.23'],
          ],
          true,
        ),
        servers: ['127.0.0.21:8001 t1.test 0 up', '127.0.0.22:8002 t2.test 1 up', '127.0.0.23:8003 t3.test 2 up'],
      },
      {
        zone: spots([['t2.test', 8002, 32_768, '127.0.0.22']], true),
        servers: ['- down', '- down', '127.0.0.22:8002 t2.test 128 up'],
      },
      { zone: say({ rcode: 'NXDOMAIN' }), servers: ['- down', '- down', '- down'] },
      {
        zone: spots(
          [
            ['t4.test', 8004, 1, '127.0.0.24'],
            ['t5.test', 8005, 1, '127.0.0.25'],
          ],
          true,
        ),
        servers: ['- down', '127.0.0.24:8004 t4.test 1 up', '127.0.0.25:8005 t5.test 1 up'],
      },
      {
        zone: spots(
          [
            ['t6.test', 8006, 1, '127.0.0.26'],
            ['t6.test', 8007, 1, '127.0.0.26'],
          ],
          true,
        ),
        servers: ['- down', '127.0.0.26:8006 t6.test 1 up', '127.0.0.26:8007 t6.test 1 up'],
      },
    ],
  },
  'places of a service, whose addresses have to be asked for': {
    anonymous: true,
    servers:
      '  server-template s 2 _http._tcp.example.com resolvers dns init-addr none weight 7 resolve-opts ignore-weight',
    steps: [
      {
        zone: spots([['t1.test', 8001, 9000, '127.0.0.21']], false),
        servers: ['- down', '127.0.0.21:8001 t1.test 7 up'],
      },
      {
        zone: spots([['t1.test', 8001, 9000, '127.0.0.31']], false),
        servers: ['- down', '127.0.0.31:8001 t1.test 7 up'],
      },
      { zone: spots([['t2.test', 8002, 1, '127.0.0.22']], false), servers: ['- down', '127.0.0.22:8002 t2.test 7 up'] },
      {
        zone: (question) =>
          question.type === 'SRV' ? {} : spots([['t2.test', 8002, 1, '127.0.0.22']], false)(question),
        servers: ['- down', '- down'],
      },
      { zone: spots([['t2.test', 8002, 1, '127.0.0.22']], false), servers: ['- down', '127.0.0.22:8002 t2.test 7 up'] },
    ],
  },
}

/** The lines of one moment come in any order, and how many servers are left depends on it. */
const sorted = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => line.replace(/\d+ active and .*$/, '')).sort()

const absent = missing('haproxy')
if (absent !== undefined) t.pass('names', { skip: absent })
else
  for (const [name, what] of Object.entries(cases))
    t.test(name, async (t) => {
      const expected = what.steps.map(({ servers }) => servers)
      const [theirs, ours] = await Promise.all([follow(haproxy, what), follow(subject, what)])
      t.strictSame(theirs.states, expected, 'HAProxy')
      t.strictSame(ours.states, expected, 'fairlead')
      t.strictSame(sorted(ours.lines), sorted(theirs.lines), 'log lines')
    })
