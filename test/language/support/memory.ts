/** Runs cases through the loader and the whole engine, in memory and many at a time: no socket is opened, and nothing waits. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, ConfigError, type Diagnostic, describe } from '../../../lib/config/index.js'
import { InMemory, type MemoryClient, type TestClock, tcp } from '../../../lib/testing/index.js'
import { isLoadCase, LOADS, REFUSED } from './judge.js'
import { CaseOrigin } from './origin.js'
import { frontendOf, groupsOf, ownerOf, type Rendered, render, type Stage, type Subject, writeFiles } from './setup.js'
import { answered, methodsOf, partsOf, show } from './shown.js'

/** Turns a text into objects: the loader, or one with other words. */
export type Load = (text: string) => Config

/** How many cases share a configuration at most. */
const BATCH = 400
const FIRST_PORT = 20_000
const FIRST_SERVER_PORT = 30_001
const FIRST_CLIENT_PORT = 40_001
/** By the test's clock; the live run waits as long. */
const QUIET = 80
const PATIENCE = 1000

/** What each case gave, by its id. */
export async function runInMemory(subjects: readonly Subject[], load: Load): Promise<ReadonlyMap<string, string>> {
  const gave = new Map<string, string>()
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-language-'))
  try {
    for (const subject of subjects.filter(isLoadCase))
      gave.set(subject.id, loading(stage(subject, 0, folder, ''), load))
    for (const group of groupsOf(subjects.filter((subject) => !isLoadCase(subject)))) {
      for (let at = 0; at < group.length; at += BATCH) await runBatch(group.slice(at, at + BATCH), folder, load, gave)
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

/** Runs what loads together. A case that does not is told apart by its lines, and what cannot be told apart is halved. */
async function runBatch(
  subjects: readonly Subject[],
  folder: string,
  load: Load,
  gave: Map<string, string>,
): Promise<void> {
  if (subjects.length === 0) return
  const files = new Map<Subject, number>()
  const stages = subjects.map((subject, index) => {
    if (subject.case.sees?.includes('log') !== true) return stage(subject, index, folder, 'fd@2')
    const fd = openSync(join(folder, `${subject.id}.log`), 'w')
    files.set(subject, fd)
    return stage(subject, index, folder, `fd@${fd}`)
  })
  for (const each of stages) writeFiles(each)
  const rendered = render(stages)
  let without: ReadonlySet<Subject> | undefined
  try {
    for (const [id, text] of await play(load(rendered.text), stages, folder)) gave.set(id, text)
  } catch (error) {
    without = refused(error, rendered, gave)
    if (without.size === 0 && subjects.length === 1) {
      const text =
        faultsOf(error).length > 0 ? `${REFUSED} ${(error as Error).message}` : `[failed] ${(error as Error).stack}`
      gave.set(subjects[0]!.id, text)
      return
    }
  } finally {
    for (const fd of files.values()) closeSync(fd)
  }
  if (without === undefined) return
  const left = subjects.filter((subject) => without?.has(subject) !== true)
  if (left.length < subjects.length) return runBatch(left, folder, load, gave)
  const half = Math.ceil(left.length / 2)
  await runBatch(left.slice(0, half), folder, load, gave)
  await runBatch(left.slice(half), folder, load, gave)
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

async function play(config: Config, stages: readonly Stage[], folder: string): Promise<Map<string, string>> {
  const lb = new InMemory({ ...config, frontends: config.frontends, backends: config.backends }, {})
  await lb.started
  const origins = new Map(stages.map((one) => [one.serverPort, new CaseOrigin(one.subject.case)]))
  serveAll(lb, origins)
  const clients: Client[] = []
  for (const [index, each] of stages.entries()) clients.push(await enter(lb, each, index))
  try {
    const rounds = Math.max(...clients.map(({ parts }) => parts.length))
    for (let round = 0; round < rounds; round++) await sendAll(lb, clients, round)
    for (const { line } of clients) line.socket.destroy()
    await lb.settle()
  } finally {
    await lb.stop()
  }
  await new Promise<void>((resolve) => setImmediate(resolve))
  return new Map(
    clients.map(({ stage: each, line }) => {
      const { subject } = each
      const log = subject.case.sees?.includes('log') === true ? linesOf(join(folder, `${subject.id}.log`)) : []
      const seen = {
        received: line.received,
        ending: line.ended || line.broken !== undefined ? ('closed' as const) : ('open' as const),
        server: origins.get(each.serverPort)?.received ?? [],
        log,
        clientPorts: [line.socket.localPort ?? 0],
      }
      return [subject.id, show(each, seen)]
    }),
  )
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

/** Each client that has one sends its next part; time goes on until all are answered, or have waited for long enough. */
async function sendAll(lb: InMemory, clients: readonly Client[], round: number): Promise<void> {
  const sending = clients.filter(({ parts }) => parts.length > round)
  for (const { line, parts } of sending) {
    if (!line.ended && line.broken === undefined) line.socket.write(Buffer.from(parts[round] ?? '', 'latin1'))
  }
  await lb.settle()
  const patience = ({ stage, parts }: Client): number =>
    parts.length > round + 1 ? QUIET : (stage.subject.case.patience ?? PATIENCE)
  const longest = Math.max(...sending.map(patience))
  const end = lb.clock.elapsed + longest
  while (sending.some((client) => !isDone(client, round)) && lb.clock.elapsed < end) await stepTo(lb.clock, end)
}

/** To the next timer, or to the end when there is none before. */
async function stepTo(clock: TestClock, end: number): Promise<void> {
  if (clock.elapsed + clock.next <= end) await clock.step()
  else await clock.advance(end - clock.elapsed)
}
