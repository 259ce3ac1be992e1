/**
 * Processes under measurement: start one on a core of its own, read what it used from /proc, end it.
 * What is started and what the figures mean is not known here.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

/** The core that the proxy has to itself, and the one that client and origin share. */
export const proxyCore = 1
export const otherCore = 0
/** With one core nothing can be pinned apart; the figures are then of little worth, and the report says so. */
export const canPin = availableParallelism() > 1

export interface Running {
  readonly pid: number
  readonly child: ChildProcess
  readonly log: string
}

export interface Usage {
  /** Microseconds of processor time, user and system, of the process, its threads and its children. */
  readonly cpu: number
  /** The part of it that was not spent in the system. */
  readonly user: number
  /** Bytes resident now, of the largest process. */
  readonly resident: number
  /** Bytes resident at most so far, of the largest process. */
  readonly peak: number
}

const started = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of started) child.kill('SIGKILL')
})

/** Wraps a command so that it runs on one core and may open many files. */
export function pinned(core: number, command: readonly string[]): string[] {
  const limited = ['sh', '-c', 'ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -Hn)"; exec "$@"', 'sh', ...command]
  return canPin ? ['taskset', '-c', String(core), ...limited] : limited
}

/** Starts a command whose output goes to `log`. */
export function start(command: readonly string[], log: string, env: NodeJS.ProcessEnv = {}): Running {
  const out = openSync(log, 'w')
  const [file, ...args] = command
  const child = spawn(file!, args, { stdio: ['ignore', out, out], env: { ...process.env, ...env } })
  closeSync(out)
  started.add(child)
  child.once('error', () => started.delete(child))
  child.once('exit', () => started.delete(child))
  return { pid: child.pid ?? 0, child, log }
}

/** Asks a process to end, and ends it after two seconds. */
export async function stop(running: Running): Promise<void> {
  const { child } = running
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  await Promise.race([ended, sleep(2000, undefined, { ref: false })])
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  await ended
}

/** Waits until somebody listens on a local port; fails when the process that should do so has ended. */
export async function untilListening(port: number, running: Running): Promise<void> {
  const deadline = Date.now() + 15_000
  while (Date.now() < deadline) {
    if (running.child.exitCode !== null) throw new Error(`ended at once: ${lastLines(running.log)}`)
    if (await canConnect(port)) return
    await sleep(50)
  }
  throw new Error(`does not listen on port ${port}: ${lastLines(running.log)}`)
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

export function lastLines(file: string): string {
  const lines = readFileSync(file, 'latin1').trim().split('\n')
  return lines.slice(-3).join(' | ') || 'no output'
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

/** What a process has used until now; its children (nginx's worker) count as well. */
export function usage(pid: number): Usage {
  let system = 0
  let user = 0
  let resident = 0
  let peak = 0
  for (const member of family(pid)) {
    const stat = read(`/proc/${member}/stat`)
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // utime and stime are fields 14 and 15 (proc(5)), in ticks of 10 ms; the first two are cut off here.
    user += Number(fields[11]) * 10_000
    system += Number(fields[12]) * 10_000
    const status = read(`/proc/${member}/status`)
    resident = Math.max(resident, kilobytes(status, 'VmRSS'))
    peak = Math.max(peak, kilobytes(status, 'VmHWM'))
  }
  return { cpu: user + system, user, resident, peak }
}

function family(pid: number): number[] {
  const all = [pid]
  for (const member of all) {
    for (const child of read(`/proc/${member}/task/${member}/children`).split(' '))
      if (child.trim()) all.push(Number(child))
  }
  return all
}

function kilobytes(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0) * 1024
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}
