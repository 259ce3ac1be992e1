/** Runs test files, each as a process of its own, and counts what they say: for `npm test` and `npm run test:interop`. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createInterface } from 'node:readline'

export interface Run {
  /** The files, named from `folder`. */
  readonly files: readonly string[]
  readonly folder: string
  /** The working directory of the tests. */
  readonly cwd: string
  /** How many run at a time. */
  readonly jobs: number
  /** How many seconds a test may take, where it does not say so itself; 0: as long as it wants. */
  readonly timeout: number
  /** Prints all that they say as it comes. */
  readonly verbose?: boolean
  print(line: string): void
}

interface Sum {
  passed: number
  failed: number
  skipped: number
}

/** Every compiled test below a folder, but in the folders named. */
export function testFiles(folder: string, but: readonly string[] = []): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.test.js') && !but.some((name) => file.startsWith(`${name}/`)))
    .sort()
}

/** Runs all, prints a line a file (and everything that one said that failed) and the sum at the end. Resolves with the exit status. */
export async function runTests(name: string, run: Run): Promise<number> {
  const sum: Sum = { passed: 0, failed: 0, skipped: 0 }
  const waiting = run.files.values()
  const work = async (_: unknown, lane: number): Promise<void> => {
    for (const file of waiting) {
      const { passed, failed, skipped } = await runFile(file, lane, run)
      sum.passed += passed
      sum.failed += failed
      sum.skipped += skipped
    }
  }
  await Promise.all(Array.from({ length: run.jobs }).map(work))
  run.print(`${name}: ${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`)
  return sum.failed === 0 && run.files.length > 0 ? 0 : 1
}

async function runFile(file: string, lane: number, run: Run): Promise<Sum> {
  const { folder, cwd, timeout, verbose = false, print } = run
  const began = performance.now()
  const sum: Sum = { passed: 0, failed: 0, skipped: 0 }
  const child = spawn(process.execPath, [`${folder}/${file}`], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
    // Those that run at the same time take their ports from different ranges.
    env: { ...process.env, TAP_TIMEOUT: String(timeout), FAIRLEAD_LANE: String(lane) },
    // One that is caught in a loop cannot end itself.
    timeout: timeout * 5000,
  })
  const exit = once(child, 'exit')
  const said: string[] = []
  let complete = false
  for await (const line of createInterface({ input: child.stdout! })) {
    const told = count(line, sum, file)
    if (told !== undefined) print(told)
    // The plan stands at the end: without it, something ended the process before its tests were done.
    complete ||= /^1\.\.\d/.test(line)
    if (verbose) print(line)
    said.push(line)
  }
  const [code, signal] = (await exit) as [number | null, NodeJS.Signals | null]
  const bad = code !== 0 || !complete
  if (bad && sum.failed === 0) {
    sum.failed++
    print(`FAILED ${file}: ${code === 0 ? 'ended before its tests' : `exit status ${code ?? signal}`}`)
  }
  if (bad && !verbose) print(said.join('\n'))
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  print(`${file}: ${sum.passed} passed, ${sum.failed} failed in ${seconds} s`)
  return sum
}

/** Counts the assertions of a TAP stream; a point with a duration only repeats what the points below it said. Returns what is to be told. */
function count(line: string, sum: Sum, file: string): string | undefined {
  const point = /^( *)(not )?ok \d+ - (.*)$/.exec(line)
  if (point === null) return undefined
  const [, indent, not, text] = point
  if (/ # SKIP/i.test(text!)) {
    sum.skipped++
    return `skipped: ${file}: ${text!.replace(/ # SKIP */i, ': ')}`
  }
  if (!/ # time=/.test(text!)) {
    if (not === undefined) sum.passed++
    else sum.failed++
  }
  return not === undefined ? undefined : `${indent}FAILED ${file}: ${text}`
}
