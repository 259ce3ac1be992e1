/** The words for what a check found, as HAProxy has them, and what each of them means. Manual of the statistics, `check_status`. */

/** How a check ended. */
export type CheckStatus =
  | 'L4OK'
  | 'L4CON'
  | 'L4TOUT'
  | 'L6OK'
  | 'L6RSP'
  | 'L6TOUT'
  | 'L7OK'
  | 'L7OKC'
  | 'L7STS'
  | 'L7RSP'
  | 'L7TOUT'
  | 'PROCOK'
  | 'PROCERR'
  | 'PROCTOUT'
  | 'SOCKERR'

/** What an expectation may end with when it is met. `L7OKC` passes on condition: the server finishes what it has and gets nothing new. */
export type OkStatus = 'L7OK' | 'L7OKC' | 'L6OK' | 'L4OK'
/** What an expectation may end with when it is not met. */
export type ErrorStatus = 'L7OKC' | 'L7RSP' | 'L7STS' | 'L6RSP' | 'L4CON'
/** What an expectation may end with when nothing comes that meets it. */
export type TimeoutStatus = 'L7TOUT' | 'L6TOUT' | 'L4TOUT'

export const okStatuses: readonly OkStatus[] = ['L7OK', 'L7OKC', 'L6OK', 'L4OK']
export const errorStatuses: readonly ErrorStatus[] = ['L7OKC', 'L7RSP', 'L7STS', 'L6RSP', 'L4CON']
export const timeoutStatuses: readonly TimeoutStatus[] = ['L7TOUT', 'L6TOUT', 'L4TOUT']

const passing: ReadonlySet<CheckStatus> = new Set(['L4OK', 'L6OK', 'L7OK', 'L7OKC', 'PROCOK'])
const withCode: ReadonlySet<CheckStatus> = new Set(['L7OK', 'L7OKC', 'L7STS', 'PROCOK', 'PROCERR', 'PROCTOUT'])

/** Whether a server that is found so may be used. */
export const passes = (status: CheckStatus): boolean => passing.has(status)

/** Whether HAProxy tells the code of an answer with it. */
export const tellsCode = (status: CheckStatus): boolean => withCode.has(status)
