/** What a command line with files comes to: a check, a daemon, or a process that serves. */
import type { Config } from '../config/index.js'
import type { CommandLine } from './arguments.js'
import { listens, loadFor } from './configuration.js'
import { type Background, daemonize } from './daemon.js'
import { resolveServers } from './names.js'
import { findIdentity } from './process-settings.js'
import { type Report, writeTo } from './report.js'

/** What the command line is read in. */
export interface Run {
  readonly report: Report
  /** The working directory before `-C`. */
  readonly directory: string
  /** Who started us for the background, if somebody did. */
  readonly parent: Background | undefined
}

/** Resolves with the exit status. */
export async function run(line: CommandLine, { report, directory, parent }: Run): Promise<number> {
  tellRemarks(line, report)
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
  if (line.check) return checked(config, report)
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
  // Neither `-c` nor a daemon's parent loads what serves.
  const { serve } = await import('./serve.js')
  return serve({ line, config, report, background: parent })
}

/** `-c`. */
function checked(config: Config, report: Report): number {
  const print = (text: string): void => {
    if (!report.quiet) writeTo(1)(text)
  }
  if (!listens(config)) {
    print('Configuration file has no error but will not start (no listener) => exit(2).\n')
    return 2
  }
  if (report.warnings > 0) print('Warnings were found.\n')
  print('Configuration file is valid\n')
  return 0
}

/** What was asked for on the command line and will not happen. */
function tellRemarks(line: CommandLine, report: Report): void {
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
