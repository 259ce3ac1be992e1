/** What one check of a server found, in HAProxy's words, and what a server keeps of its last one. */

/** What one check found. Manual of the statistics, `check_status`, `check_code`, `last_chk`. */
export interface CheckResult {
  readonly passed: boolean
  /** It asks for no more than what it has: its answer was a 404 where that says so. Manual, `http-check disable-on-404`. */
  readonly stopping?: boolean | undefined
  /** `L4OK`, `L4CON`, `L7STS` … */
  readonly status: string
  /** The status of an HTTP answer, or the last code that was seen. */
  readonly code?: number | undefined
  /** What more there is to say, as in `HTTP status check returned code <503>`. */
  readonly description?: string | undefined
  /** Which step of the check failed. */
  readonly step?: string | undefined
}

/** The last check of a server. */
export interface LastCheck extends CheckResult {
  /** Milliseconds that it took; -1 where nothing was measured. */
  readonly duration: number
}

/** `L7STS/503`, `L4CON`. */
export function reasonOf({ status, code }: CheckResult): string {
  return code === undefined || code <= 0 ? status : `${status}/${code}`
}
