/** The texts in which HAProxy tells that a server or a proxy changed its state. Who is told is the caller's part. */

/** What a check saw, in HAProxy's words. Manual, "Health checks" (`L4CON`, `L7STS/503` …). */
const checkTexts: Readonly<Record<string, string>> = {
  L4OK: 'Layer4 check passed',
  L4TOUT: 'Layer4 timeout',
  L4CON: 'Layer4 connection problem',
  L6OK: 'Layer6 check passed',
  L6TOUT: 'Layer6 timeout',
  L6RSP: 'Layer6 invalid response',
  L7OK: 'Layer7 check passed',
  L7TOUT: 'Layer7 timeout',
  L7RSP: 'Layer7 invalid response',
  L7STS: 'Layer7 wrong status',
}

/** `L7STS/503` → `Layer7 wrong status, code: 503`. */
export function checkText(reason: string): string {
  const [kind = '', status] = reason.split('/')
  const text = Object.hasOwn(checkTexts, kind) ? checkTexts[kind] : reason
  return status === undefined ? `${text}` : `${text}, code: ${status}`
}

/** What a check has found, and how its server stands now. */
export interface CheckNotice {
  readonly backend: string
  readonly server: string
  readonly passed: boolean
  /** `L4CON`, `L7STS/503` … */
  readonly reason: string
  /** Milliseconds. */
  readonly duration: number
  readonly up: boolean
  readonly count: number
  readonly of: number
}

/** HAProxy's line about it, at level `notice`. Manual, `option log-health-checks`. */
export function checkLine({ backend, server, passed, reason, duration, up, count, of }: CheckNotice): string {
  const what = `Health check for server ${backend}/${server} ${passed ? 'succeeded' : 'failed'}`
  const stands = `status: ${count}/${of} ${up ? 'UP' : 'DOWN'}`
  return `${what}, reason: ${checkText(reason)}, check duration: ${duration}ms, ${stands}.`
}

/** A server that went up or down, and how its backend stands now. */
export interface ServerChange {
  readonly backend: string
  readonly server: string
  readonly up: boolean
  /** `L4CON`, `L7STS/503` …; nothing where the check itself has been told already. */
  readonly reason: string | undefined
  /** Servers in rotation now, and backups that are up. */
  readonly active: number
  readonly backups: number
  /** Requests that the server is serving, and that wait. */
  readonly current: number
  readonly queued: number
}

/** HAProxy's line about it: level `alert` for a server that is down, `notice` for one that is back. */
export function serverText(change: ServerChange): string {
  const { backend, server, up, reason, active, backups, current, queued } = change
  const because = reason === undefined ? '' : `, reason: ${checkText(reason)}`
  const what = `Server ${backend}/${server} is ${up ? 'UP' : 'DOWN'}${because}.`
  const left = `${active} active and ${backups} backup servers ${up ? 'online' : 'left'}.`
  const load = up
    ? `0 sessions requeued, ${queued} total in queue.`
    : `${current} sessions active, 0 requeued, ${queued} remaining in queue.`
  return `${what} ${left} ${load}`
}
