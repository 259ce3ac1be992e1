#!/usr/bin/env node
/** The command `fairlead`: what the words of its command line ask for, step by step. Manual (management), chapter 3. */
import { ConditionError, type Config, capabilities, evaluateCondition } from '../config/index.js'
import { type CommandLine, readArguments } from './arguments.js'
import { loadFor } from './configuration.js'
import { background, daemonize } from './daemon.js'
import { resolveServers } from './names.js'
import { findIdentity } from './process-settings.js'
import { Report, writeTo } from './report.js'
import { serve } from './serve.js'
import { usage } from './usage.js'
import { longVersion, shortVersion } from './version.js'

const parent = background()
const report = new Report(parent?.write ?? writeTo(2))
const say = writeTo(1)
// Whoever started us for the background has told the warnings already.
report.alertsOnly = parent !== undefined

process.title = 'fairlead'
guard()
process.exit(await main())

/** Resolves with the exit status. */
async function main(): Promise<number> {
  const line = readArguments(process.argv.slice(2))
  if ('usage' in line) return misused(line.message, line.usage)
  if (line.version !== undefined) {
    say(line.version === 'long' ? longVersion(capabilities()) : shortVersion(capabilities()))
    return 0
  }
  report.quiet = line.quiet && !line.verbose
  const directory = process.cwd()
  if (line.directory !== undefined && !enter(line.directory)) return 1
  if (line.condition !== undefined) return evaluate(line.condition)
  return run(line, directory)
}

async function run(line: CommandLine, directory: string): Promise<number> {
  tellRemarks(line)
  const config = await loadFor(line, report)
  if (config === undefined) return 1
  if (config.global.quiet === true && !line.verbose) report.quiet = true
  await resolveServers(config, line.ignoreUnresolved, report)
  if (line.check) findIdentity(config.global, report)
  if (report.alerts > 0) {
    report.alert('config : Fatal errors found in configuration.')
    return 1
  }
  if ((line.zeroWarning || config.global.zeroWarning === true) && report.warnings > 0) {
    report.alert("config : Some warnings were found and 'zero-warning' is set. Aborting.")
    return 1
  }
  if (line.check) return checked(config)
  if (line.takeOver !== undefined) {
    report.alert(`'-x ${line.takeOver}' is not supported yet: the sockets of an old process cannot be taken over.`)
    return 1
  }
  const behind = line.daemon || (config.global.daemon === true && line.masterWorker === undefined)
  if (behind && !line.foreground && !line.debug && parent === undefined) {
    const descriptors = config.frontends.flatMap(({ binds }) =>
      binds.flatMap(({ parsed }) => (parsed.kind === 'fd' ? [parsed.fd] : [])),
    )
    return daemonize({ directory, descriptors, write: (text) => report.plain(text) })
  }
  return serve({ line, config, report, background: parent })
}

/** `-c`. */
function checked(config: Config): number {
  const print = (text: string): void => {
    if (!report.quiet) say(text)
  }
  if (config.frontends.every(({ binds }) => binds.length === 0)) {
    print('Configuration file has no error but will not start (no listener) => exit(2).\n')
    return 2
  }
  if (report.warnings > 0) print('Warnings were found.\n')
  print('Configuration file is valid\n')
  return 0
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

/** What was asked for on the command line and will not happen. */
function tellRemarks(line: CommandLine): void {
  for (const remark of line.remarks) report.warning(remark)
  if (line.masterWorker !== undefined)
    report.warning('master-worker mode is not supported yet: this one process serves, and SIGUSR2 does not reload it.')
  if (line.masterSocket !== undefined)
    report.warning(
      line.masterWorker === undefined
        ? 'config : a master CLI socket was defined, but master-worker mode (-W) is not enabled.'
        : `'-S ${line.masterSocket}' is not supported yet: nothing listens there.`,
    )
  if (line.memory !== undefined)
    report.warning("'-m' is not supported: limit the memory from outside (systemd's MemoryMax=, a container).")
  if (line.proxyMaxConnections !== undefined)
    report.warning("'-N' is not supported yet: write 'maxconn' in the defaults section.")
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
