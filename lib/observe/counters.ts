/** Counters of a proxy or a server: numbers that only grow, and what is going on now. Plain data that can be exported and added up. */

/** What is counted for each frontend, backend and server. Names in brackets are the columns of HAProxy's statistics. */
export interface Counters {
  /** Connections or requests being served now (scur), the most there ever were (smax), and all together (stot). */
  current: number
  highest: number
  total: number
  /** Requests waiting in a queue now (qcur) and the most there ever were (qmax). */
  queued: number
  highestQueued: number
  /** Bytes from clients (bin) and to clients (bout). */
  bytesIn: number
  bytesOut: number
  /** HTTP requests (req_tot). */
  requests: number
  /** Answers by class of status (hrsp_1xx … hrsp_5xx, hrsp_other). */
  responses: [other: number, c1: number, c2: number, c3: number, c4: number, c5: number]
  /** Requests refused by rules (dreq), responses refused by rules (dresp). */
  deniedRequests: number
  deniedResponses: number
  /** Requests that failed before they were understood (ereq). */
  requestErrors: number
  /** Connects that failed (econ), responses that failed (eresp). */
  connectErrors: number
  responseErrors: number
  /** Connects that were tried again (wretr), and that moved to another server (wredis). */
  retries: number
  redispatches: number
  /** Checks that failed (chkfail), and times the server went down (chkdown). */
  failedChecks: number
  wentDown: number
}

/** All at zero. */
export function counters(): Counters {
  return {
    current: 0,
    highest: 0,
    total: 0,
    queued: 0,
    highestQueued: 0,
    bytesIn: 0,
    bytesOut: 0,
    requests: 0,
    responses: [0, 0, 0, 0, 0, 0],
    deniedRequests: 0,
    deniedResponses: 0,
    requestErrors: 0,
    connectErrors: 0,
    responseErrors: 0,
    retries: 0,
    redispatches: 0,
    failedChecks: 0,
    wentDown: 0,
  }
}

/** One more is being served. */
export function begin(of: Counters): void {
  of.total++
  if (++of.current > of.highest) of.highest = of.current
}

/** Counts an answer by its class. */
export function countResponse(of: Counters, status: number): void {
  const group = (status / 100) | 0
  const index = group >= 1 && group <= 5 ? group : 0
  of.responses[index as 0]++
}
