/** Servers get the states that they had in the process before, from the files that the configuration names. */
import { readFileSync } from 'node:fs'
import { applyStates, readStates } from '../admin/state-file.js'
import type { Balancer } from '../balancer.js'
import type { Config } from '../config/index.js'
import type { Report } from './report.js'

/** To be done before the balancer starts. What cannot be read is told, and no reason not to start. */
export function restoreServerStates(balancer: Balancer, { serverStateFiles }: Config, report: Report): void {
  const { clock } = balancer.engine
  for (const { path, backends, own } of serverStateFiles) {
    const text = read(path)
    if (text instanceof Error) {
      const reason = reasons[(text as NodeJS.ErrnoException).code ?? ''] ?? text.message
      report.warning(
        own === undefined
          ? `config : config: Can't open global server state file '${path}': ${reason}`
          : `config : Proxy '${own.name}': Can't open server state file '${path}': ${reason}.`,
      )
      continue
    }
    const lines = readStates(text)
    if (lines === undefined)
      report.warning(
        own === undefined
          ? `config : config: Can't get version of the global server state file '${path}'.`
          : `config : Proxy '${own.name}': Can't get version of the server state file '${path}'.`,
      )
    else for (const fault of applyStates(lines, { backends, clock })) report.warning(`config : ${fault}`)
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  EISDIR: 'Is a directory',
}

function read(path: string): string | Error {
  try {
    return readFileSync(path, 'latin1')
  } catch (error) {
    return error as Error
  }
}
