/** Stick tables shared with HAProxy itself: either side calls, either side is restarted, connections are cut, and others disturb. */
import { connect, createServer, type Server, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { missing } from './support/programs.js'
import { Ours, type Places, places, Reference, until } from './support/shared-tables.js'

t.setTimeout(0)

const skip = missing('haproxy') ?? false

/** The lines of the other peer on both sides, by who calls: the other one is given a place where nobody is. */
const others = {
  haproxy: (at: Places) => ({ theirs: `  peer f 127.0.0.1:${at.ours}`, ours: `  peer h 127.0.0.1:${at.nowhere}` }),
  ours: (at: Places) => ({ theirs: `  peer f 127.0.0.1:${at.nowhere}`, ours: `  peer h 127.0.0.1:${at.haproxy}` }),
}
type Caller = keyof typeof others

const names = ['P/ti', 'P/ts', 'P/tip', 'P/tip6', 'P/tb', 'sticky']

const scalars = {
  server_id: 3,
  gpt0: 4_000_000_000,
  gpc0: 5,
  gpc0_rate: 6,
  conn_cnt: 7,
  conn_rate: 8,
  sess_cnt: 10,
  sess_rate: 11,
  http_req_cnt: 12,
  http_req_rate: 13,
  http_err_cnt: 14,
  http_err_rate: 15,
  bytes_in_cnt: 5_000_000_000,
  bytes_in_rate: 16,
  bytes_out_cnt: 2 ** 45 + 1,
  bytes_out_rate: 17,
  gpc1: 18,
  gpc1_rate: 19,
  http_fail_cnt: 20,
  http_fail_rate: 21,
}

const data = (values: Readonly<Record<string, number>>): string =>
  Object.entries(values)
    .map(([name, value]) => `data.${name} ${value}`)
    .join(' ')

/** Something of every kind, on HAProxy's side. */
async function fill(theirs: Reference): Promise<void> {
  await theirs.ask(`set table P/ti key 5 ${data(scalars)}`)
  await theirs.ask(`set table P/ti key 4294967295 ${data({ gpc0: 4_294_967_295 })}`)
  await theirs.ask('set table P/tip key 192.0.2.1 data.gpc0 240')
  await theirs.ask('set table P/tip key 255.255.255.255 data.gpc0 2288')
  await theirs.ask('set table P/tip6 key 2001:db8::1 data.gpc0 264432 data.gpc0_rate 3')
  for (const path of ['/a', '/bcdefghijklmnopqrstuvwxyz', '/a', '/c']) await theirs.visit(path)
}

/** Something of every kind, on ours. */
function fillOurs(ours: Ours): void {
  ours.set('P/ti', 6, scalars)
  ours.set('P/ts', 'from-us', { 'gpt[2]': 1, 'gpc[3]': 2, 'gpc_rate[1]': 3, server_key: 's\xe9rver/one', server_id: 9 })
  ours.set('P/tip', '192.0.2.2', { gpc0: 33_818_864 })
  ours.set('P/tip6', '2001:db8::2', { gpc0: 1, gpc0_rate: 2 })
  ours.set('P/tb', Buffer.from([0, 255, 10, 0x5a]), { gpc0: 7 })
  ours.set('sticky', '/ours', { server_id: 2, server_key: 'two' })
}

/** Both sides hold the same; `wanted` entries in each table. */
async function same(t: Test, theirs: Reference, ours: Ours, wanted: Readonly<Record<string, number>>): Promise<void> {
  for (const name of names) {
    const there = async (): Promise<string[]> =>
      (await theirs.entries(name)).map((line) => line.replace(/ conn_cur=\d+/, ''))
    const here = (): string[] => ours.entries(name).map((line) => line.replace(/ conn_cur=\d+/, ''))
    await until(async () => {
      const lines = await there()
      return lines.length === wanted[name] && lines.join('\n') === here().join('\n')
    })
    t.strictSame(here(), await there(), name)
    t.equal(here().length, wanted[name], `entries of ${name}`)
  }
}

const all = { 'P/ti': 3, 'P/ts': 4, 'P/tip': 3, 'P/tip6': 2, 'P/tb': 4, sticky: 4 }

for (const caller of ['haproxy', 'ours'] as const satisfies readonly Caller[]) {
  t.test(`entries of every kind, told both ways; ${caller} calls`, { skip }, async (t) => {
    const at = await places()
    const lines = others[caller](at)
    let ours = await Ours.start(at, lines.ours)
    let theirs = await Reference.start(at, lines.theirs)
    t.teardown(async () => {
      await ours.stop()
      await theirs.stop()
    })
    t.ok(await until(() => ours.peer?.established === true))
    t.equal(ours.peer?.incoming, caller === 'haproxy')
    await fill(theirs)
    fillOurs(ours)
    await same(t, theirs, ours, all)

    // HAProxy acknowledges what it has learned, and we what we have.
    t.ok(await until(() => ours.peer?.tables.every(({ acknowledged, pushed }) => acknowledged === pushed) === true))
    const standing = await theirs.ask('show peers P')
    for (const [, got, acknowledged] of standing.matchAll(/last_acked=(\d+) last_pushed=\d+ last_get=(\d+)/g))
      t.equal(got, acknowledged)

    await theirs.stop()
    t.ok(await until(() => ours.peer?.established === false))
    theirs = await Reference.start(at, lines.theirs)
    await same(t, theirs, ours, all)
    t.pass('HAProxy was restarted, and has learned everything from us')

    await ours.stop()
    ours = await Ours.start(at, lines.ours)
    await same(t, theirs, ours, all)
    t.pass('we were restarted, and have learned everything from HAProxy')
    t.ok(await until(() => ours.peers.standing()?.learning === 'done'))
    t.ok(
      ours
        .table('P/tip6')
        .records(performance.now())
        .every(({ expiresIn }) => expiresIn <= 1_800_000),
    )
  })
}

/** Passes connections on until they are cut. */
class Wire {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  connections = 0

  constructor(from: number, to: number) {
    this.#server = createServer((near) => {
      this.connections++
      const far = connect(to, '127.0.0.1')
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(one)
        one.on('error', () => {})
        one.on('close', () => other.destroy())
        one.on('data', (chunk) => other.write(chunk))
      }
    })
    this.#server.listen(from, '127.0.0.1')
  }

  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
    this.#sockets.clear()
  }

  close(): void {
    this.#server.close()
    this.cut()
  }
}

t.test('a connection that is cut is made again, and what was missed is told', { skip }, async (t) => {
  for (const caller of ['haproxy', 'ours'] as const) {
    const at = await places()
    const wire = new Wire(at.nowhere, caller === 'haproxy' ? at.ours : at.haproxy)
    const closed = await places()
    const ours = await Ours.start(at, `  peer h 127.0.0.1:${caller === 'ours' ? at.nowhere : closed.nowhere}`)
    const theirs = await Reference.start(at, `  peer f 127.0.0.1:${caller === 'haproxy' ? at.nowhere : closed.nowhere}`)
    t.teardown(async () => {
      await ours.stop()
      await theirs.stop()
      wire.close()
    })
    t.ok(await until(() => ours.peer?.established === true))
    await fill(theirs)
    await same(t, theirs, ours, { ...all, 'P/ti': 2, 'P/ts': 3, 'P/tip': 2, 'P/tip6': 1, 'P/tb': 3, sticky: 3 })
    const before = wire.connections
    wire.cut()
    t.ok(await until(() => ours.peer?.established === false))
    fillOurs(ours)
    await theirs.ask('set table P/ti key 7 data.gpc0 1')
    await same(t, theirs, ours, { ...all, 'P/ti': 4 })
    t.equal(wire.connections, before + 1)
  }
})

/** Says something to us as the peer `x`, and gives what comes back until it is over. */
function disturb(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let heard = ''
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      heard += chunk
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(heard))
    socket.write(text, 'latin1')
  })
}

const bytes = (hex: string): string => Buffer.from(hex.replaceAll(' ', ''), 'hex').toString('latin1')

t.test('who breaks the rules disturbs nobody else, whether it calls or is called', { skip }, async (t) => {
  const at = await places()
  const hello = (protocol = 'HAProxyS 2.1', called = 'f', caller = 'x'): string =>
    `${protocol}\n${called}\n${caller} 1 1\n`
  const garbage = ['200\n\xff\0', 'garbage\n', '200\n', `200\n${bytes('0a82 05 07 ff 746970')}`, '']
  let calls = 0
  const strange = createServer((socket) => {
    socket.on('error', () => {})
    socket.resume()
    socket.end(garbage[calls++ % garbage.length] ?? '', 'latin1')
  })
  strange.listen(at.nowhere, '127.0.0.1')
  const ours = await Ours.start(at, `  peer h 127.0.0.1:${at.haproxy}\n  peer x 127.0.0.1:${at.nowhere}`)
  const theirs = await Reference.start(at, `  peer f 127.0.0.1:${at.ours}`)
  t.teardown(async () => {
    strange.close()
    await ours.stop()
    await theirs.stop()
  })
  t.ok(await until(() => ours.peer?.established === true))
  // Both call, and of two connections one is given up: not before that is settled.
  await until(() => (ours.peer?.heartbeatsReceived ?? 0) > 0)
  const before = ours.peer?.connections
  for (const [said, answer] of [
    [hello('GET / HTTP/1.1'), /^501\n$/],
    [hello('HAProxyS 9.9'), /^502\n$/],
    [hello('HAProxyS 2.1', 'g'), /^503\n$/],
    [hello('HAProxyS 2.1', 'f', 'nobody'), /^504\n$/],
    ['x'.repeat(100_000), /^$/],
    [`${hello()}${bytes('0a80 ffffffffffffffffffff')}`, /\x01\0$/],
    [`${hello()}${bytes('0a80 f0d20900')}`, /\x01\x01$/],
    [`${hello()}${bytes('0a82 0b 07 03 2f7469 02 04 04 f0eda301 0a80 06 00000001 00')}`, /\x01\0$/],
    [`${hello()}${bytes('ff00')}`, /\x01\0$/],
  ] as const)
    t.match(await disturb(at.ours, said), answer, JSON.stringify(said.slice(0, 40)))
  await theirs.ask('set table P/ti key 5 data.gpc0 9')
  ours.set('P/ti', 6, { gpc0: 8 })
  t.ok(await until(async () => ours.entries('P/ti').length === 2 && (await theirs.entries('P/ti')).length === 2))
  t.equal(ours.peer?.connections, before, 'the connection with HAProxy is the same')
  t.ok(await until(() => calls >= 2, 30_000), 'who answers nonsense is called again, and not at once')
  t.equal(ours.peer?.connections, before)
  t.strictSame(
    ours.news.filter((line) => line.startsWith('h lost')).length,
    ours.news.filter((line) => line.startsWith('h est')).length - 1,
  )
})

t.test('heartbeats go both ways', { skip }, async (t) => {
  const at = await places()
  const theirs = await Reference.start(at, others.ours(at).theirs)
  const ours = await Ours.start(at, others.ours(at).ours)
  t.teardown(async () => {
    await ours.stop()
    await theirs.stop()
  })
  t.ok(await until(() => (ours.peer?.heartbeatsReceived ?? 0) >= 2 && (ours.peer?.heartbeatsSent ?? 0) >= 2))
  const [, sent = '0', received = '0'] =
    /id=f\(remote[\s\S]*? tx_hbt=(\d+) rx_hbt=(\d+)/.exec(await theirs.ask('show peers')) ?? []
  t.ok(Number(sent) >= 2 && Number(received) >= 2, `HAProxy has sent ${sent} and heard ${received}`)
  t.match(ours.peer, { connections: 1, silences: 0 })
})

t.test('we take the place of HAProxy and learn what it remembers', { skip }, async (t) => {
  const at = await places()
  const lines = `  peer f 127.0.0.1:${at.nowhere}`
  const theirs = await Reference.start(at, lines)
  await fill(theirs)
  const before = await Promise.all(names.map(async (name) => [name, await theirs.entries(name)]))
  // It hands over only when it has learned itself, or found nobody to learn from.
  t.ok(await until(async () => (await theirs.ask('show peers')).includes('resync_timeout=<PAST>'), 30_000))
  // What a successor begins with: listeners are let go of, and then it is told to leave.
  theirs.process.child.kill('SIGTTOU')
  let ours: Ours | undefined
  t.ok(
    await until(async () => {
      ours = await Ours.start({ ...at, ours: at.haproxy }, lines, 'h', { succeeds: true }).catch(() => undefined)
      return ours !== undefined
    }),
  )
  theirs.process.child.kill('SIGUSR1')
  t.ok(await until(() => ours?.peers.standing()?.learning === 'done'))
  for (const [name, entries] of before) t.strictSame(ours?.entries(name as string), entries, name as string)
  await ours?.stop()
  await theirs.stop()
})

/** What only one process knows: where things lie in its memory, when it did them, and how often. */
const masked = (text: string): string =>
  text
    .replace(/0x[0-9a-f]{6,}|0x0(?=: | |$)/g, '0x…')
    .replace(/\[[^\]]*\]/, '[…]')
    .replace(
      /\b(flags|task_calls|new_conn|coll|tx_hbt|rx_hbt|update|teaching_origin|commitupdate)=(?:0x)?[0-9a-f…x]+/g,
      '$1=…',
    )
    .replace(/=(?:<\w+>|\d+[smh]\w*)/g, '=…')
    .replace(/src=127\.0\.0\.1:\d+/, 'src=…')

t.test('show peers, byte by byte but for what only one process knows', { skip }, async (t) => {
  const at = await places()
  const lines = `  peer f 127.0.0.1:${at.nowhere}`
  const scripts: readonly (readonly [string, string])[] = [
    ['nobody has come', ''],
    ['somebody has come and says nothing', 'HAProxyS 2.1\nh\nf 1 1\n'],
    [
      'somebody has told of an entry and a text',
      `HAProxyS 2.1\nh\nf 1 1\n${bytes('0a82 0f 07 06 737469636b79 06 0d f1f1fe00 f0eda301'.replace('0f', '12'))}${bytes('0a80 0d 00000009 02 2f61 01 04 01 02 3031')}`,
    ],
  ]
  for (const [name, said] of scripts) {
    const answers: string[] = []
    for (const side of ['haproxy', 'ours'] as const) {
      const asked: { ask(text: string): Promise<string>; stop(): Promise<void> } =
        side === 'haproxy'
          ? await Reference.start(at, lines)
          : await Ours.start({ ...at, ours: at.haproxy }, lines, 'h')
      const socket = said === '' ? undefined : connect(at.haproxy, '127.0.0.1').on('error', () => {})
      socket?.resume().write(said, 'latin1')
      const settled = async (): Promise<boolean> => {
        const text = await asked.ask('show peers')
        return said === ''
          ? text.includes('last_status=CONN')
          : /st0=7/.test(text) && (!said.includes('sticky') || text.includes('last_get=9'))
      }
      t.ok(await until(settled), `${name}: ${side}`)
      answers.push(
        await asked.ask('show peers'),
        await asked.ask('show peers dict P'),
        await asked.ask('show peers nobody'),
      )
      socket?.destroy()
      await asked.stop()
    }
    for (const index of [0, 1, 2])
      t.equal(masked(answers[index + 3] ?? ''), masked(answers[index] ?? ''), `${name}, ${index}`)
  }
})

t.test('100,000 entries, a little at a time, both ways', { skip }, async (t) => {
  const at = await places()
  const ours = await Ours.start(at, others.haproxy(at).ours)
  t.teardown(() => ours.stop())
  const table = ours.table('P/ti')
  const now = performance.now()
  const field = table.field('gpc0')
  for (let key = 0; key < 100_000; key++) {
    const made = table.keyOf(key)
    if (made === undefined) continue
    const row = table.open(made, now)
    table.write(row, field, key, now)
    table.touch(row, now)
  }
  let longest = 0
  let last = performance.now()
  const watch = setInterval(() => {
    longest = Math.max(longest, performance.now() - last - 1)
    last = performance.now()
  }, 1)
  const used = async (one: Reference): Promise<number> =>
    Number(
      /used:(\d+)/.exec((await one.ask('show table')).split('\n').find((line) => line.includes('P/ti,')) ?? '')?.[1],
    )
  const theirs = await Reference.start(at, others.haproxy(at).theirs)
  t.teardown(() => theirs.stop())
  const began = performance.now()
  t.ok(await until(async () => (await used(theirs)) === 100_000, 60_000))
  t.comment(`taught in ${Math.round(performance.now() - began)} ms; the longest turn took ${longest.toFixed(1)} ms`)
  const told = () => ours.peer?.tables.find(({ name }) => name === '/ti')
  t.ok(await until(() => ours.peer?.taught === false && told()?.acknowledged === 100_000))
  await ours.stop()
  const again = await Ours.start(at, others.haproxy(at).ours)
  t.teardown(() => again.stop())
  longest = 0
  last = performance.now()
  const started = performance.now()
  t.ok(await until(() => again.table('P/ti').size === 100_000, 60_000))
  clearInterval(watch)
  t.comment(`learned in ${Math.round(performance.now() - started)} ms; the longest turn took ${longest.toFixed(1)} ms`)
  t.equal((await theirs.ask('show table P/ti key 99999')).includes('gpc0=99999'), true)
})
