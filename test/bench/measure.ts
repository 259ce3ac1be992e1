/** Runs one scenario over all proxies, in turns, and takes the medians. What is printed of it is not here. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { fault, type Generator, type Load } from './load.js'
import {
  freePort,
  lastLines,
  otherCore,
  pinned,
  proxyCore,
  type Running,
  start,
  stop,
  untilListening,
  usage,
} from './process.js'
import { type Contender, nginxOrigin, nodeOrigin } from './proxies.js'
import type { Scenario } from './scenarios.js'

export interface Round extends Load {
  /** Microseconds of the proxy's processor time for each request. */
  readonly cpu: number
  /** The part of it that was not spent in the system. */
  readonly user: number
}

/** What one proxy did in one scenario; `failed` says why the figures are not to be trusted. */
export interface Row {
  readonly scenario: string
  readonly proxy: string
  failed?: string
  /** Microseconds of processor time a request. */
  cpu?: number
  requestsPerSecond?: number
  /** Bytes of bodies a second, in the direction that the scenario is about. */
  bytesPerSecond?: number
  /** Milliseconds. */
  p99?: number
  /** Bytes. */
  peak?: number
  /** Bytes of the process for each idle connection. */
  idleMemory?: number
  /** Share of one core that is used while nothing happens, in percent. */
  idleCpu?: number
  rounds: Round[]
}

export interface Plan {
  readonly folder: string
  readonly peers: string
  readonly seconds: number
  readonly rounds: number
  readonly generator: Generator
  readonly hasNginx: boolean
  readonly profile: boolean
}

interface Contestant {
  readonly proxy: Contender
  readonly row: Row
  port: number
  running?: Running
}

/** The median of the values, 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

export async function measure(scenario: Scenario, proxies: readonly Contender[], plan: Plan): Promise<Row[]> {
  const { origin, port } = await startOrigin(scenario, plan)
  try {
    const contestants = proxies.map((proxy): Contestant => {
      return { proxy, port: 0, row: { scenario: scenario.name, proxy: proxy.name, rounds: [] } }
    })
    if (scenario.idle) for (const each of contestants) await attempt(each, () => rest(each, scenario, port, plan))
    else await race(contestants, scenario, port, plan)
    return contestants.map((each) => each.row)
  } finally {
    await stop(origin)
  }
}

async function startOrigin(scenario: Scenario, plan: Plan): Promise<{ origin: Running; port: number }> {
  const port = await freePort()
  const folder = mkdtempSync(join(plan.folder, 'origin-'))
  const command = plan.hasNginx && !scenario.upload ? nginxOrigin(port, folder) : nodeOrigin(port)
  const origin = start(pinned(otherCore, command), join(folder, 'log'))
  await untilListening(port, origin)
  return { origin, port }
}

/** A proxy that fails costs its own row only. */
async function attempt(contestant: Contestant, step: () => Promise<void>): Promise<void> {
  if (contestant.row.failed !== undefined) return
  try {
    await step()
  } catch (error) {
    contestant.row.failed = error instanceof Error ? error.message : String(error)
  }
}

async function open(contestant: Contestant, scenario: Scenario, origin: number, plan: Plan): Promise<Running> {
  const { proxy } = contestant
  const folder = join(plan.folder, `${scenario.name}-${proxy.name}`)
  mkdirSync(folder, { recursive: true })
  contestant.port = await freePort()
  const nodeArgs = plan.profile && proxy.name === 'fairlead' ? ['--cpu-prof', `--cpu-prof-dir=${folder}`] : []
  const setup = { port: contestant.port, origin, mode: scenario.mode, folder, peers: plan.peers, nodeArgs }
  const running = start(pinned(proxyCore, proxy.command(setup)), join(folder, 'log'), { NODE_ENV: 'production' })
  contestant.running = running
  await untilListening(contestant.port, running)
  await check(contestant, scenario)
  return running
}

async function check({ port }: Contestant, scenario: Scenario): Promise<void> {
  const wrong = await fault(port, scenario)
  if (wrong !== undefined) throw new Error(wrong)
}

/** All proxies run, one is under load: A B C, C B A, A B C, so that a slow minute of the machine hits each alike. */
async function race(contestants: Contestant[], scenario: Scenario, origin: number, plan: Plan): Promise<void> {
  try {
    for (const each of contestants) {
      await attempt(each, async () => {
        await open(each, scenario, origin, plan)
        await plan.generator.run(each.port, scenario, 2)
      })
    }
    for (let round = 0; round < plan.rounds * scenario.splits; round++) {
      const order = round % 2 ? [...contestants].reverse() : contestants
      for (const each of order) await attempt(each, () => oneRound(each, scenario, plan))
    }
    for (const each of contestants) await attempt(each, () => conclude(each, scenario))
  } finally {
    for (const each of contestants) if (each.running) await stop(each.running)
  }
}

async function oneRound(contestant: Contestant, scenario: Scenario, plan: Plan): Promise<void> {
  const { pid } = contestant.running!
  const before = usage(pid)
  const load = await plan.generator.run(contestant.port, scenario, Math.ceil(plan.seconds / scenario.splits))
  const after = usage(pid)
  const cpu = (after.cpu - before.cpu) / load.requests
  const user = (after.user - before.user) / load.requests
  contestant.row.rounds.push({ ...load, cpu, user })
  if (load.requests === 0) throw new Error('answered no request')
  if (load.errors > 0) throw new Error(`${load.errors} of ${load.requests} requests failed`)
  const least = load.requests * scenario.answer
  const most = (load.requests + scenario.connections) * (scenario.answer + 1024)
  if (load.bytes < least || load.bytes > most) {
    throw new Error(`${load.bytes} bytes for ${load.requests} answers of ${scenario.answer} bytes`)
  }
}

async function conclude(contestant: Contestant, scenario: Scenario): Promise<void> {
  const { row, running } = contestant
  await check(contestant, scenario)
  if (running!.child.exitCode !== null) throw new Error(`ended: ${lastLines(running!.log)}`)
  row.cpu = median(row.rounds.map((each) => each.cpu))
  row.requestsPerSecond = median(row.rounds.map((each) => each.requests / each.seconds))
  row.bytesPerSecond = row.requestsPerSecond * (scenario.upload || scenario.answer)
  row.p99 = median(row.rounds.map((each) => each.p99))
  row.peak = usage(running!.pid).peak
}

/** Memory and processor time of many connections that were used once and are then left alone. */
async function rest(contestant: Contestant, scenario: Scenario, origin: number, plan: Plan): Promise<void> {
  const running = await open(contestant, scenario, origin, plan)
  try {
    const warm = await hold(contestant.port, Math.ceil(scenario.idle / 10))
    await warm.release()
    await sleep(1000)
    const before = usage(running.pid)
    const held = await hold(contestant.port, scenario.idle)
    try {
      if (held.good !== scenario.idle) throw new Error(`${held.good} of ${scenario.idle} connections were answered`)
      await sleep(1000)
      const settled = usage(running.pid)
      const seconds = Math.max(plan.seconds, 5)
      await sleep(seconds * 1000)
      const after = usage(running.pid)
      contestant.row.idleMemory = (settled.resident - before.resident) / scenario.idle
      contestant.row.idleCpu = (after.cpu - settled.cpu) / seconds / 10_000
      contestant.row.peak = after.peak
      await check(contestant, scenario)
    } finally {
      await held.release()
    }
  } finally {
    await stop(running)
  }
}

interface Held {
  /** How many connections were answered with 200. */
  readonly good: number
  release(): Promise<void>
}

async function hold(port: number, count: number): Promise<Held> {
  const program = fileURLToPath(new URL('peers/idle-client.js', import.meta.url))
  const [file, ...args] = pinned(otherCore, [process.execPath, program, String(port), String(count)])
  const child = spawn(file!, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const told = new Promise<number>((resolve) => {
    child.stdout.once('data', (bytes: Buffer) => resolve((JSON.parse(bytes.toString()) as { good: number }).good))
    child.once('exit', () => resolve(0))
  })
  const late = sleep(60_000, 0, { ref: false })
  return {
    good: await Promise.race([told, late]),
    release: async () => {
      child.stdin.end()
      const killer = setTimeout(() => child.kill('SIGKILL'), 5000)
      await ended
      clearTimeout(killer)
    },
  }
}
