/** Runs test files, alone or several in a process, and counts what they say: for `npm test` and `npm run test:interop`. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** What a program that runs several files says before and after each. */
export const BEGINS = 'begins: '
export const ENDS = 'ends: '

export interface Run {
  /** The files, named from `folder`: those of one list share a process. */
  readonly files: readonly (readonly string[])[]
  readonly folder: string
  /** The program that runs a list, which is given the folder and the files. Without one, each list is one file, a program of its own. */
  readonly program?: string
  /** The working directory of the tests. */
  readonly cwd: string
  /** How many processes run at a time. */
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

/** Files in lists of one room, none longer than `most`. */
export function byRoom(files: readonly string[], most: number): string[][] {
  const roomOf = (file: string | undefined): string | undefined => file?.replace(/[^/]*$/, '').split('/')[0]
  const lists: string[][] = []
  for (const file of files) {
    const last = lists.at(-1)
    if (last !== undefined && last.length < most && roomOf(last[0]) === roomOf(file)) last.push(file)
    else lists.push([file])
  }
  return lists
}

/** Runs all, prints a line a file (and everything that one said that failed) and the sum at the end. Resolves with the exit status. */
export async function runTests(name: string, run: Run): Promise<number> {
  const sum: Sum = { passed: 0, failed: 0, skipped: 0 }
  const waiting = run.files.values()
  const work = async (_: unknown, lane: number): Promise<void> => {
    for (const list of waiting) {
      // What stands behind a file that ended the process is run without it.
      for (let left = list; left.length > 0; ) left = await runList(left, lane, run, sum)
    }
  }
  await Promise.all(Array.from({ length: run.jobs }).map(work))
  run.print(`${name}: ${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`)
  return sum.failed === 0 && run.files.length > 0 ? 0 : 1
}

/** What is known of the file that is running. */
class Turn {
  readonly file: string
  readonly sum: Sum = { passed: 0, failed: 0, skipped: 0 }
  readonly said: string[] = []
  /** Something was not ok, be it no more than a test without assertions of its own. */
  bad = false
  readonly #began = performance.now()

  constructor(file: string) {
    this.file = file
  }

  /** @param fault why it failed, where it did not say so itself */
  end({ print, verbose = false }: Run, total: Sum, fault?: string): void {
    const { file, sum } = this
    if ((this.bad || fault !== undefined) && sum.failed === 0) {
      sum.failed++
      print(`FAILED ${file}: ${fault ?? 'a test is not ok'}`)
    }
    if (sum.failed > 0 && !verbose) print(this.said.join('\n'))
    const seconds = ((performance.now() - this.#began) / 1000).toFixed(1)
    print(`${file}: ${sum.passed} passed, ${sum.failed} failed in ${seconds} s`)
    total.passed += sum.passed
    total.failed += sum.failed
    total.skipped += sum.skipped
  }
}

/** Runs files in one process. Resolves with those that it did not come to. */
async function runList(files: readonly string[], lane: number, run: Run, total: Sum): Promise<readonly string[]> {
  const { folder, program, cwd, timeout, verbose = false, print } = run
  const args = program === undefined ? [`${folder}/${files[0]}`] : [program, folder, ...files]
  const child = spawn(process.execPath, args, {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
    // Those that run at the same time take their ports from different ranges.
    env: { ...process.env, TAP_TIMEOUT: String(timeout), FAIRLEAD_LANE: String(lane) },
    // One that is caught in a loop cannot end itself.
    timeout: timeout * 5000,
  })
  const exit = once(child, 'exit')
  let turn: Turn | undefined = new Turn(files[0]!)
  let done = 0
  let complete = false
  let bad = false
  for await (const line of createInterface({ input: child.stdout! })) {
    if (line.startsWith(`# ${BEGINS}`)) {
      turn = new Turn(line.slice(BEGINS.length + 2))
    } else if (line.startsWith(`# ${ENDS}`)) {
      bad ||= turn?.bad ?? false
      turn?.end(run, total)
      turn = undefined
      done++
    } else {
      const told = turn && count(line, turn)
      if (told !== undefined) print(told)
      turn?.said.push(line)
    }
    // The plan stands at the end: without it, something ended the process before its tests were done.
    complete ||= /^1\.\.\d/.test(line)
    if (verbose) print(line)
  }
  const [code, signal] = (await exit) as [number | null, NodeJS.Signals | null]
  const fault = code !== 0 ? `exit status ${code ?? signal}` : complete ? undefined : 'ended before its tests'
  if (done === files.length) {
    // All have said what they had to say: what went wrong behind them is nobody's or everybody's.
    if (fault !== undefined && !bad) {
      total.failed++
      print(`FAILED ${files.join(', ')}: ${fault}`)
    }
    return []
  }
  turn ??= new Turn(files[done]!)
  turn.end(run, total, fault ?? (program === undefined ? undefined : 'ended before its tests'))
  return files.slice(done + 1)
}

/** Counts the assertions of a TAP stream; a point with a duration only repeats what the points below it said. Returns what is to be told. */
function count(line: string, turn: Turn): string | undefined {
  const point = /^( *)(not )?ok \d+ - (.*)$/.exec(line)
  if (point === null) return undefined
  const { file, sum } = turn
  const [, indent, not, text] = point
  if (/ # SKIP/i.test(text!)) {
    sum.skipped++
    return `skipped: ${file}: ${text!.replace(/ # SKIP */i, ': ')}`
  }
  turn.bad ||= not !== undefined
  if (!/ # time=/.test(text!)) {
    if (not === undefined) sum.passed++
    else sum.failed++
  }
  return not === undefined ? undefined : `${indent}FAILED ${file}: ${text}`
}
