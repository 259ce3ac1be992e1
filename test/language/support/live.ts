/** Runs cases through a program: one process for many of them, a port and a server of its own for each. */
import { createSocket, type Socket as Datagrams } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Bell } from '../../interop/support/bell.js'
import { freePort } from '../../interop/support/ports.js'
import { accepts, ProxyProcess } from '../../interop/support/proxy.js'
import { run } from '../../interop/support/talk.js'
import { isLoadCase, LOADS, REFUSED } from './judge.js'
import { CaseOrigin } from './origin.js'
import { groupsOf, ownerOf, type Rendered, render, type Stage, type Subject, writeFiles } from './setup.js'
import { answered, methodsOf, partsOf, show } from './shown.js'

const BATCH = 300
const AT_A_TIME = 32
/** How long nothing must come before the next part is sent. */
const QUIET = 80
const PATIENCE = 3000
/** Turns of a program's loop: for the connection, for what came on it, and for what that gave. */
const TURNS = 4
/** A program that takes longer for one turn has got stuck. */
const STUCK = 60_000
const ATTEMPTS = 3

/** The world around one case. */
class Place {
  readonly subject: Subject
  readonly origin: CaseOrigin
  readonly bell = new Bell()
  readonly log: string[] = []
  readonly #folder: string
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #syslog: Datagrams | undefined
  #port = 0

  constructor(subject: Subject, folder: string) {
    this.subject = subject
    this.#folder = folder
    this.origin = new CaseOrigin(subject.case)
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      this.#sockets.add(socket)
      this.origin.serve(socket)
    })
    if (subject.case.sees?.includes('log') === true) this.#syslog = createSocket('udp4')
  }

  async open(): Promise<void> {
    this.#port = await freePort()
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#syslog?.on('message', (bytes) => {
      this.log.push(bytes.toString('latin1'))
      this.bell.ring()
    })
    this.#syslog?.bind(0, '127.0.0.1')
    if (this.#syslog !== undefined) await once(this.#syslog, 'listening')
    writeFiles(this.stage)
  }

  get stage(): Stage {
    const { port: serverPort } = (this.#server.address() as AddressInfo | null) ?? { port: 1 }
    const log = this.#syslog === undefined ? '127.0.0.1:1' : `127.0.0.1:${this.#syslog.address().port}`
    return { subject: this.subject, port: this.#port, serverPort, log, dir: join(this.#folder, this.subject.id) }
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    this.#syslog?.close()
    this.bell.silence()
  }
}

/** What each case gave, by its id. */
export async function runLive(command: readonly string[], subjects: readonly Subject[]): Promise<Map<string, string>> {
  const gave = new Map<string, string>()
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-language-'))
  try {
    for (const subject of subjects.filter(isLoadCase)) gave.set(subject.id, await loading(command, subject, folder))
    for (const group of groupsOf(subjects.filter((subject) => !isLoadCase(subject)))) {
      for (let at = 0; at < group.length; at += BATCH)
        await runBatch(command, group.slice(at, at + BATCH), folder, gave)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return gave
}

/** Closing words that are about no line. */
const summary = /^(?:config : )?(?:Error\(s\) found|Fatal errors)/

interface Checked {
  readonly loads: boolean
  readonly said: readonly string[]
}

/** `-c`: whether it loads, and what keeps it from loading. Warnings of other cases are not to blame. */
async function check(command: readonly string[], text: string, folder: string): Promise<Checked> {
  const file = join(folder, 'check.cfg')
  writeFileSync(file, text, 'latin1')
  const { code, stderr } = await run([...command, '-c', '-f', file], { cwd: folder })
  const said = stderr
    .split('\n')
    .map((line) => /^\[ALERT\] +\(\d+\) : (.*)/.exec(line)?.[1] ?? '')
    .filter((line) => line !== '')
  return {
    loads: code === 0,
    said: said.map((line) => line.replaceAll(file, 'haproxy.cfg').replaceAll(folder, '{dir}')),
  }
}

/** Whether one case loads by itself. */
async function loading(command: readonly string[], subject: Subject, folder: string): Promise<string> {
  const place = new Place(subject, folder)
  await place.open()
  place.close()
  const { loads, said } = await check(command, render([place.stage]).text, folder)
  const first = said.find((line) => !summary.test(line)) ?? ''
  return loads ? LOADS : `${REFUSED} ${first.replaceAll(String(place.stage.port), '{port}')}`
}

/** Where a case is said to be while only its lines are looked at. */
const pretended = (subject: Subject, index: number, folder: string): Stage => ({
  subject,
  port: 20_000 + index,
  serverPort: 30_000 + index,
  log: '127.0.0.1:1',
  dir: join(folder, subject.id),
})

/** The cases that load, together and without a socket. What cannot be told apart is halved. */
async function loadable(
  command: readonly string[],
  subjects: readonly Subject[],
  folder: string,
  gave: Map<string, string>,
): Promise<readonly Subject[]> {
  for (let left = subjects; left.length > 0; ) {
    const stages = left.map((subject, index) => pretended(subject, index, folder))
    for (const stage of stages) writeFiles(stage)
    const rendered = render(stages)
    const { loads, said } = await check(command, rendered.text, folder)
    if (loads) return left
    const rest = withoutRefused(said, rendered, left, gave)
    if (rest.length === left.length) {
      const half = Math.ceil(left.length / 2)
      if (half < left.length) {
        const first = await loadable(command, left.slice(0, half), folder, gave)
        return [...first, ...(await loadable(command, left.slice(half), folder, gave))]
      }
      gave.set(left[0]!.id, `${REFUSED} ${said[0]}`)
      return []
    }
    left = rest
  }
  return []
}

async function runBatch(
  command: readonly string[],
  subjects: readonly Subject[],
  folder: string,
  gave: Map<string, string>,
): Promise<void> {
  const loading = await loadable(command, subjects, folder, gave)
  if (loading.length === 0) return
  for (let attempt = 1; ; attempt++) {
    try {
      await runTogether(command, loading, folder, gave)
      return
    } catch (error) {
      // Between our look and its start another program may have taken a port, which says nothing of this one.
      if (attempt === ATTEMPTS || !/ in use/.test(String(error))) throw error
    }
  }
}

async function runTogether(
  command: readonly string[],
  subjects: readonly Subject[],
  folder: string,
  gave: Map<string, string>,
): Promise<void> {
  const places = subjects.map((subject) => new Place(subject, folder))
  try {
    await Promise.all(places.map((place) => place.open()))
    const ready = await freePort()
    const { text } = render(places.map(({ stage }) => stage))
    const waiting = `${text}listen ready\n  mode tcp\n  bind 127.0.0.1:${ready}\n`
    await playAll(command, waiting, ready, places, gave)
  } finally {
    for (const place of places) place.close()
  }
}

/** The cases that no fault is about. */
function withoutRefused(
  said: readonly string[],
  rendered: Rendered,
  subjects: readonly Subject[],
  gave: Map<string, string>,
): readonly Subject[] {
  const faulty = new Set<Subject>()
  for (const text of said) {
    if (summary.test(text)) continue
    const line = /\[[^\]]*:(\d+)\]/.exec(text)?.[1]
    const owner =
      (line === undefined ? undefined : ownerOf(rendered, Number(line))) ?? subjects.find(({ id }) => text.includes(id))
    if (owner === undefined || faulty.has(owner)) continue
    faulty.add(owner)
    gave.set(owner.id, `${REFUSED} ${text.replace(/\[[^\]]*:\d+\]/, '[line]').slice(0, 300)}`)
  }
  return subjects.filter((subject) => !faulty.has(subject))
}

async function playAll(
  command: readonly string[],
  text: string,
  ready: number,
  places: readonly Place[],
  gave: Map<string, string>,
): Promise<void> {
  const proxy = await ProxyProcess.start(command, text, ready)
  try {
    let next = 0
    const worker = async (): Promise<void> => {
      for (let at = next++; at < places.length; at = next++) {
        const place = places[at]!
        gave.set(place.subject.id, await play(place, () => settled(ready)))
      }
    }
    await Promise.all(Array.from({ length: AT_A_TIME }, worker))
    if (!proxy.running || !(await accepts(ready)))
      throw new Error(`${command.join(' ')} ended while it was used: ${proxy.ending}`)
  } finally {
    await proxy.stop()
  }
}

/**
 * Waits until the program has dealt with all that came before, however busy the machine is: it does one thing after the other, and each
 * connection that it ends here is later than that.
 */
async function settled(ready: number): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) {
    const socket = connect(ready, '127.0.0.1').on('error', () => {})
    socket.setTimeout(STUCK, () => socket.destroy()).resume()
    await new Promise((resolve) => socket.once('close', resolve))
  }
}

async function play(place: Place, settle: () => Promise<void>): Promise<string> {
  const { stage, bell } = place
  const { case: one } = stage.subject
  const socket = connect({ port: stage.port, host: '127.0.0.1', localAddress: one.from ?? '127.0.0.1' })
  let received = ''
  let closed = false
  socket.setEncoding('latin1').on('data', (text: string) => {
    received += text
    bell.ring()
  })
  for (const event of ['end', 'close', 'error'])
    socket.on(event, () => {
      closed = true
      bell.ring()
    })
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => {})
  const clientPort = socket.localPort ?? 0
  const parts = partsOf(one)
  for (const [round, part] of parts.entries()) {
    if (socket.writable) socket.write(part, 'latin1')
    const due = methodsOf({ ...one, send: parts.slice(0, round + 1) }).length
    const done = (): boolean => closed || (one.mode !== 'tcp' && due > 0 && answered(received, one) >= due)
    if (await bell.wait(done, round + 1 < parts.length ? QUIET : (one.patience ?? PATIENCE))) continue
    // Whether nothing comes can only be said of a program that has had its turn.
    await settle()
    if (round + 1 === parts.length) await bell.wait(done, QUIET)
  }
  // Log lines, and what the server got, come a moment later.
  if (one.sees?.includes('server') === true) {
    await settle()
    await bell.wait(() => false, QUIET)
  }
  socket.destroy()
  if (one.sees?.includes('log') === true) {
    await bell.wait(() => place.log.length > 0, one.patience ?? PATIENCE)
    await settle()
    await bell.wait(() => false, QUIET)
  }
  const { received: server } = place.origin
  const seen = {
    received,
    ending: closed ? 'closed' : 'open',
    server,
    log: place.log,
    clientPorts: [clientPort],
  } as const
  return show(stage, seen)
}
