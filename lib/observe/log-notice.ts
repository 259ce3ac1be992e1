/** The texts in which HAProxy tells what a check found. Those of servers that change their state are in `ServerNotice`. */

/** What a check found, in HAProxy's words. Manual of the statistics, `check_status`. */
const statuses: ReadonlyMap<string, string> = new Map([
  ['UNK', 'Unknown'],
  ['INI', 'Initializing'],
  ['SOCKERR', 'Socket error'],
  ['HANA', 'Health analyze'],
  ['CHECKED', 'No status change'],
  ['L4OK', 'Layer4 check passed'],
  ['L4TOUT', 'Layer4 timeout'],
  ['L4CON', 'Layer4 connection problem'],
  ['L6OK', 'Layer6 check passed'],
  ['L6TOUT', 'Layer6 timeout'],
  ['L6RSP', 'Layer6 invalid response'],
  ['L7OK', 'Layer7 check passed'],
  ['L7OKC', 'Layer7 check conditionally passed'],
  ['L7TOUT', 'Layer7 timeout'],
  ['L7RSP', 'Layer7 invalid response'],
  ['L7STS', 'Layer7 wrong status'],
  ['PROCERR', 'External check error'],
  ['PROCTOUT', 'External check timeout'],
  ['PROCOK', 'External check passed'],
])

/** Those with which a code is told. */
const coded: ReadonlySet<string> = new Set(['L7OK', 'L7OKC', 'L7STS', 'PROCOK', 'PROCERR', 'PROCTOUT'])

/** `L7STS` → `Layer7 wrong status`. */
export function checkText(status: string): string {
  return statuses.get(status) ?? status
}

/** What there is to say of a check. */
export interface CheckFinding {
  /** `L4CON`, `L7STS` … */
  readonly status: string
  readonly code?: number | undefined
  readonly description?: string | undefined
  /** Milliseconds; nothing was measured when negative. */
  readonly duration: number
}

/** `, reason: Layer7 wrong status, code: 503, info: "...", check duration: 1ms`. */
export function reasonText({ status, code, description, duration }: CheckFinding): string {
  const number = coded.has(status) ? `, code: ${code ?? 0}` : ''
  const info = description === undefined || description === '' ? '' : `, info: "${description}"`
  const time = duration < 0 ? '' : `, check duration: ${duration}ms`
  return `, reason: ${checkText(status)}${number}${info}${time}`
}

/** What a check has found, and how its server stands now. */
export interface CheckNotice extends CheckFinding {
  /** With its backend. */
  readonly server: string
  readonly backup: boolean
  readonly passed: boolean
  readonly agent: boolean
  readonly up: boolean
  readonly count: number
  readonly of: number
}

/** HAProxy's line about it, at level `notice`. Manual, `option log-health-checks`. */
export function checkLine({ server, backup, agent, passed, up, count, of, ...finding }: CheckNotice): string {
  const went = passed ? `${finding.status === 'L7OKC' ? 'conditionally ' : ''}succeeded` : 'failed'
  const what = `${agent ? 'Agent' : 'Health'} check for ${backup ? 'backup ' : ''}server ${server} ${went}`
  return `${what}${reasonText(finding)}, status: ${count}/${of} ${up ? 'UP' : 'DOWN'}.`
}
