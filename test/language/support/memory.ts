/** Runs cases through the loader and the whole engine, in memory and many at a time: no socket is opened, and nothing waits. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, ConfigError, type Diagnostic, describe } from '../../../lib/config/index.js'
import { InMemory, type MemoryClient, type TestClock, tcp } from '../../../lib/testing/index.js'
import { isLoadCase, LOADS, REFUSED } from './judge.js'
import { CaseOrigin } from './origin.js'
import { frontendOf, groupsOf, ownerOf, type Rendered, render, type Stage, type Subject, writeFiles } from './setup.js'
import { answered, methodsOf, partsOf, type Seen, show } from './shown.js'

/** Looks at a case while the balancer that it ran on is still there. */
export type Witness = (lb: InMemory, stage: Stage, seen: Seen) => Promise<void>

/** What a witness threw is no fault of a case. */
class WitnessError extends Error {}

/** Turns a text into objects: the loader, or one with other words. */
export type Load = (text: string) => Config

/** How many cases share a configuration at most. */
const BATCH = 100
const FIRST_PORT = 20_000
const FIRST_SERVER_PORT = 30_001
const FIRST_CLIENT_PORT = 40_001
/** By the test's clock; the live run waits as long. */
const QUIET = 80
const PATIENCE = 3000

/** What each case gave, by its id. */
export async function runInMemory(
  subjects: readonly Subject[],
  load: Load,
  witness?: Witness,
): Promise<ReadonlyMap<string, string>> {
  const gave = new Map<string, string>()
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-language-'))
  try {
    for (const subject of subjects.filter(isLoadCase))
      gave.set(subject.id, loading(stage(subject, 0, folder, ''), load))
    for (const group of groupsOf(subjects.filter((subject) => !isLoadCase(subject)))) {
      for (let at = 0; at < group.length; at += BATCH)
        await runBatch(group.slice(at, at + BATCH), { folder, load, gave, witness })
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return gave
}

function stage(subject: Subject, index: number, folder: string, log: string): Stage {
  const dir = join(folder, subject.id)
  return { subject, port: FIRST_PORT + index, serverPort: FIRST_SERVER_PORT + index, log, dir }
}

const faultsOf = (error: unknown): readonly Diagnostic[] =>
  error instanceof ConfigError ? error.diagnostics.filter(({ severity }) => severity === 'alert') : []

/** Whether one case loads by itself, and every word of the loader about it. */
function loading(stage: Stage, load: Load): string {
  writeFiles(stage)
  const { text } = render([stage])
  try {
    return [LOADS, ...load(text).diagnostics.map(describe)].join('\n')
  } catch (error) {
    if (error instanceof ConfigError) return [REFUSED, ...error.diagnostics.map(describe)].join('\n')
    throw error
  }
}

interface Run {
  readonly folder: string
  readonly load: Load
  readonly gave: Map<string, string>
  readonly witness: Witness | undefined
}

/** Runs what loads together. A case that does not is told apart by its lines, and what cannot be told apart is halved. */
async function runBatch(subjects: readonly Subject[], run: Run): Promise<void> {
  if (subjects.length === 0) return
  const { folder, load, gave } = run
  const files: number[] = []
  const stages = subjects.map((subject, index) => {
    if (subject.case.sees?.includes('log') !== true) return stage(subject, index, folder, 'fd@2')
    const fd = openSync(join(folder, `${subject.id}.log`), 'w')
    files.push(fd)
    return stage(subject, index, folder, `fd@${fd}`)
  })
  for (const each of stages) writeFiles(each)
  const rendered = render(stages)
  let out: ReadonlySet<Subject>
  try {
    for (const [id, text] of await play(load(rendered.text), stages, run)) gave.set(id, text)
    return
  } catch (error) {
    if (error instanceof WitnessError) throw error
    out = refused(error, rendered, gave)
    if (out.size === 0 && subjects.length === 1) {
      const fault = faultsOf(error).length > 0
      gave.set(subjects[0]!.id, fault ? `${REFUSED} ${(error as Error).message}` : `[failed] ${(error as Error).stack}`)
      return
    }
  } finally {
    for (const fd of files) closeSync(fd)
  }
  const left = subjects.filter((subject) => !out.has(subject))
  if (left.length < subjects.length) return runBatch(left, run)
  const half = Math.ceil(left.length / 2)
  await runBatch(left.slice(0, half), run)
  await runBatch(left.slice(half), run)
}

/** Whose lines a fault is about. */
function refused(error: unknown, rendered: Rendered, gave: Map<string, string>): ReadonlySet<Subject> {
  const found = new Set<Subject>()
  for (const fault of faultsOf(error)) {
    const owner = fault.line > 0 ? ownerOf(rendered, fault.line) : undefined
    if (owner === undefined) continue
    found.add(owner)
    gave.set(owner.id, `${gave.get(owner.id) ?? REFUSED}\n${describe(fault)}`)
  }
  return found
}

/** One client, and how far it is. */
interface Client {
  readonly stage: Stage
  readonly line: MemoryClient
  readonly parts: readonly string[]
  readonly wanted: number
}

const isDone = ({ stage, line, parts, wanted }: Client, round: number): boolean => {
  if (line.ended || line.broken !== undefined || line.socket.destroyed) return true
  if (stage.subject.case.mode === 'tcp') return false
  const due = methodsOf({ ...stage.subject.case, send: parts.slice(0, round + 1) }).length
  return answered(line.received, stage.subject.case) >= Math.min(due, wanted) && due > 0
}

async function play(config: Config, stages: readonly Stage[], { folder, witness }: Run): Promise<Map<string, string>> {
  const lb = new InMemory({ ...config, frontends: config.frontends, backends: config.backends }, {})
  await lb.started
  const origins = new Map(stages.map((one) => [one.serverPort, new CaseOrigin(one.subject.case)]))
  serveAll(lb, origins)
  const clients: Client[] = []
  for (const [index, each] of stages.entries()) clients.push(await enter(lb, each, index))
  const seen = ({ stage: each, line }: Client, log: readonly string[]): Seen => ({
    received: line.received,
    ending: line.ended || line.broken !== undefined ? 'closed' : 'open',
    server: origins.get(each.serverPort)?.received ?? [],
    log,
    clientPorts: [line.socket.localPort ?? 0],
  })
  try {
    await converse(lb, clients)
    for (const { line } of clients) line.socket.destroy()
    await lb.settle()
    if (witness !== undefined) await testify(witness, lb, clients, seen)
  } finally {
    await lb.stop()
  }
  return new Map(
    clients.map((client) => {
      const { subject } = client.stage
      const log = subject.case.sees?.includes('log') === true ? linesOf(join(folder, `${subject.id}.log`)) : []
      return [subject.id, show(client.stage, seen(client, log))]
    }),
  )
}

async function testify(
  witness: Witness,
  lb: InMemory,
  clients: readonly Client[],
  seen: (client: Client, log: readonly string[]) => Seen,
): Promise<void> {
  for (const client of clients) {
    try {
      await witness(lb, client.stage, seen(client, []))
    } catch (error) {
      throw new WitnessError(client.stage.subject.case.name, { cause: error })
    }
  }
}

const linesOf = (file: string): readonly string[] =>
  readFileSync(file, 'latin1')
    .split('\n')
    .filter((line) => line !== '')

/** Every server that stands at a case's address is that case's origin. */
function serveAll(lb: InMemory, origins: ReadonlyMap<number, CaseOrigin>): void {
  for (const backend of lb.balancer.backends) {
    for (const server of backend.servers) {
      const port = Number(/:(\d+)$/.exec(server.address)?.[1])
      const origin = origins.get(port)
      if (origin !== undefined)
        lb.serve(
          `${backend.name}/${server.name}`,
          tcp((socket) => origin.serve(socket)),
        )
    }
  }
}

async function enter(lb: InMemory, stage: Stage, index: number): Promise<Client> {
  const { subject } = stage
  const line = await lb.connect({
    frontend: frontendOf(subject),
    src: subject.case.from ?? '127.0.0.1',
    srcPort: FIRST_CLIENT_PORT + index,
    dst: '127.0.0.1',
    dstPort: stage.port,
  })
  return { stage, line, parts: partsOf(subject.case), wanted: methodsOf(subject.case).length }
}

/** A client's part that is waited for, and until when. */
interface Turn {
  readonly client: Client
  round: number
  end: number
}

/**
 * Each client sends its parts one after the other, the next when the one before was answered or has waited for long enough. All of them share
 * one clock, and none waits for another.
 */
async function converse(lb: InMemory, clients: readonly Client[]): Promise<void> {
  const turns: Turn[] = clients.map((client) => ({ client, round: -1, end: 0 }))
  for (let open = turns; open.length > 0; ) {
    const next = open.filter(({ client, round, end }) => isOver(lb, client, round, end))
    for (const turn of next) sendNext(lb, turn)
    await lb.settle()
    open = open.filter(({ client, round }) => round < client.parts.length)
    const [first] = open.map(({ end }) => end).sort((a, b) => a - b)
    if (first !== undefined && !open.some(({ client, round, end }) => isOver(lb, client, round, end)))
      await stepTo(lb.clock, first)
  }
}

const isOver = (lb: InMemory, client: Client, round: number, end: number): boolean =>
  round < 0 || isDone(client, round) || lb.clock.elapsed >= end

function sendNext(lb: InMemory, turn: Turn): void {
  const { line, parts, stage } = turn.client
  turn.round++
  const part = parts[turn.round]
  if (part === undefined) return
  if (!line.ended && line.broken === undefined) line.socket.write(Buffer.from(part, 'latin1'))
  const patience = parts.length > turn.round + 1 ? QUIET : (stage.subject.case.patience ?? PATIENCE)
  turn.end = lb.clock.elapsed + patience
}

/** To the next timer, or to the end when there is none before. */
async function stepTo(clock: TestClock, end: number): Promise<void> {
  if (clock.elapsed + clock.next <= end) await clock.step()
  else await clock.advance(end - clock.elapsed)
}
