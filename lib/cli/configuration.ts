/** Loads the configuration that the command line names, and tells what there is to say about it. */
import { hostname } from 'node:os'
import { type Config, ConfigError, type Diagnostic, haproxyText, loadConfig } from '../config/index.js'
import type { CommandLine } from './arguments.js'
import type { Report } from './report.js'

/** Says one finding; what only suspicion says, only when it was asked for (`-dD`). */
function tell(found: Diagnostic, line: CommandLine, report: Report): void {
  if (found.severity === 'alert') report.alert(haproxyText(found))
  else if (found.severity === 'warning') report.warning(haproxyText(found))
  else if (found.severity === 'notice' || line.diagnostic) report.notice(haproxyText(found))
}

/** The configuration; `undefined` when it has faults, which have all been told. */
export async function loadFor(line: CommandLine, report: Report): Promise<Config | undefined> {
  const environment = { ...process.env, HAPROXY_LOCALPEER: line.localPeer ?? hostname() }
  try {
    const config = await loadConfig(line.files, {
      environment,
      regex: line.linearRegex ? 're2' : 'javascript',
      localPeer: line.localPeer,
    })
    for (const found of config.diagnostics) tell(found, line, report)
    return config
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    for (const found of error.diagnostics) tell(found, line, report)
    for (const file of faultyFiles(error)) report.alert(`config : Error(s) found in configuration file : ${file}`)
    report.alert('config : Fatal errors found in configuration.')
    return undefined
  }
}

function faultyFiles({ diagnostics }: ConfigError): ReadonlySet<string> {
  return new Set(
    diagnostics.filter(({ severity, file }) => severity === 'alert' && file !== '').map(({ file }) => file),
  )
}

/** Whether a configuration has anything that clients, operators or peers can connect to. */
export const listens = ({ frontends, global, peers }: Config): boolean =>
  frontends.some(({ binds }) => binds.length > 0) ||
  global.statsSockets.length > 0 ||
  peers.some(({ bind, disabled }) => bind !== undefined && !disabled)
