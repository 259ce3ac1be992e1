#!/usr/bin/env node
/** The command `fairlead`: what the words of its command line ask for, step by step. Manual (management), chapter 3. */
import { capabilities } from '../config/capabilities.js'
import { ConditionError, evaluateCondition } from '../config/condition.js'
import { readArguments } from './arguments.js'
import { background } from './daemon.js'
import { Report, writeTo } from './report.js'
import { showTitle } from './title.js'
import { usage } from './usage.js'
import { longVersion, shortVersion } from './version.js'

const parent = background()
const report = new Report(parent?.write ?? writeTo(2))
const say = writeTo(1)
// Whoever started us for the background has told the warnings already.
report.alertsOnly = parent !== undefined

showTitle(process.argv.slice(2))
guard()
const code = await main()
await parent?.flushed()
process.exit(code)

/** Resolves with the exit status. */
async function main(): Promise<number> {
  const words = process.argv.slice(2)
  if (words[0] === 'explain') return (await import('./explain.js')).explain(words.slice(1), report, say)
  const line = readArguments(words)
  if ('usage' in line) return misused(line.message, line.usage)
  if (line.version !== undefined) {
    say(line.version === 'long' ? longVersion(capabilities()) : shortVersion(capabilities()))
    return 0
  }
  report.quiet = line.quiet && !line.verbose
  const directory = process.cwd()
  if (line.directory !== undefined && !enter(line.directory)) return 1
  if (line.condition !== undefined) return evaluate(line.condition)
  // The rest of the library is loaded only when there is something to load it for: `-v` and `-cc` stand in scripts that run often.
  const { run } = await import('./run.js')
  return run(line, { report, directory, parent })
}

/** `-cc`: 0 when it holds, 1 when not, 2 when it cannot be read. */
function evaluate(condition: string): number {
  const lookup = (name: string): string | undefined => {
    const value = process.env[name]
    return value === undefined ? undefined : Buffer.from(value).toString('latin1')
  }
  try {
    const text = Buffer.from(condition).toString('latin1')
    return evaluateCondition(text, { capabilities: capabilities(), lookup }) ? 0 : 1
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error
    report.alert(`config : Failed to evaluate condition: ${error.message}`)
    return 2
  }
}

function misused(message: string | undefined, withUsage: boolean): number {
  if (message !== undefined) report.alert(message)
  if (withUsage) {
    if (!report.quiet) say(shortVersion(capabilities()))
    report.plain(usage)
  }
  return 1
}

function enter(directory: string): boolean {
  try {
    process.chdir(directory)
    return true
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const reason = code === 'ENOENT' ? 'No such file or directory' : message
    report.alert(`Could not change to directory ${directory} : ${reason}`)
    return false
  }
}

/** Node's own warnings, and those of loggers, in our shape and once each; and the last words when we have made a mistake. */
function guard(): void {
  const told = new Set<string>()
  process.removeAllListeners('warning')
  process.on('warning', ({ message }) => {
    if (told.size < 100 && !told.has(message)) {
      told.add(message)
      report.warning(message)
    }
  })
  // Going on after an exception that nobody expected could serve wrong answers: ending lets a service manager start afresh.
  const fail = (error: unknown): void => {
    report.alert(`[fairlead.main()] ${error instanceof Error ? error.stack : error}`)
    process.exit(1)
  }
  process.on('uncaughtException', fail)
  process.on('unhandledRejection', fail)
}
