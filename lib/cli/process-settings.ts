/** What `global` says about the process itself, put into practice: user and group, descriptors, the pid file. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import type { ProcessSettings } from '../config/process-draft.js'
import type { Report } from './report.js'

/** Who the process is to become; `undefined` leaves it as it is. */
export interface Identity {
  readonly uid: number | undefined
  readonly gid: number | undefined
}

/** The number behind a name in a file such as `/etc/passwd`, or in whatever else the system asks (NSS). */
function numberOf(database: 'passwd' | 'group', name: string): number | undefined {
  const fields = (text: string) => text.split('\n').map((line) => line.split(':'))
  const find = (text: string) => fields(text).find(([first]) => first === name)?.[2]
  let found: string | undefined
  try {
    found = find(readFileSync(`/etc/${database}`, 'utf8'))
  } catch {
    // A system without the file may still know the name.
  }
  found ??= find(spawnSync('getent', [database, '--', name], { encoding: 'utf8' }).stdout ?? '')
  return found === undefined ? undefined : Number(found)
}

/** Finds the user and the group; a name that nobody has is an alert. */
export function findIdentity(settings: ProcessSettings, report: Report): Identity {
  let { uid, gid } = settings
  if (settings.user !== undefined) {
    uid = numberOf('passwd', settings.user)
    if (uid === undefined) report.alert(`config : cannot find user id for '${settings.user}'`)
  }
  if (settings.group !== undefined) {
    gid = numberOf('group', settings.group)
    if (gid === undefined) report.alert(`config : cannot find group id for '${settings.group}'`)
  }
  return { uid, gid }
}

/** Becomes that user and group, for good. Call it when all ports are bound. `false` when the system refuses. */
export function assume({ uid, gid }: Identity, report: Report): boolean {
  try {
    if (gid !== undefined) {
      // Root's other groups would stay with the process otherwise.
      if (process.getuid?.() === 0) process.setgroups?.([gid])
      process.setgid?.(gid)
    }
  } catch {
    report.alert(`[fairlead.main()] Cannot set gid ${gid}.`)
    return false
  }
  try {
    if (uid !== undefined) process.setuid?.(uid)
  } catch {
    report.alert(`[fairlead.main()] Cannot set uid ${uid}.`)
    return false
  }
  return true
}

/** How many descriptors the process may have open; `undefined` where the system does not tell. Node has raised it as far as it could. */
function descriptorLimit(): number | undefined {
  try {
    const found = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
    return found === undefined ? undefined : Number(found)
  } catch {
    return undefined
  }
}

/** Descriptors that are open beside connections: Node's own, listeners, checks, logs. */
const OTHER_DESCRIPTORS = 100

/** Warns when `maxconn` is more than the system grants descriptors for: each connection has one on either side. */
export function checkLimits(maxConnections: number | undefined, report: Report, limit = descriptorLimit()): void {
  const needed = (maxConnections ?? 0) * 2 + OTHER_DESCRIPTORS
  if (maxConnections === undefined || limit === undefined || needed <= limit) return
  report.warning(
    `[fairlead.main()] FD limit (${limit}) too low for maxconn=${maxConnections}. ` +
      `Please raise the limit of the service to ${needed} or more to avoid any trouble.`,
  )
}

/** Writes our process id. `false` when the file cannot be written. */
export function writePidFile(path: string, report: Report): boolean {
  try {
    writeFileSync(path, `${process.pid}\n`, { mode: 0o644 })
    return true
  } catch {
    report.alert(`[fairlead.main()] Cannot create pidfile ${path}`)
    return false
  }
}
