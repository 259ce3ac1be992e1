/** Counters of a proxy, a listener or a server: numbers that only grow, and what is going on now. Plain data that can be exported and added up. */

/** What is counted for each frontend, backend, server and listener. Names in brackets are the columns of HAProxy's statistics. */
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
  /** Connections of a frontend, those included that its rules refused at once (conn_tot, dcon, dses). */
  connections: number
  deniedConnections: number
  deniedSessions: number
  /** HTTP requests; at a server, those that it has answered (req_tot). */
  requests: number
  /** Answers by class of status (hrsp_1xx … hrsp_5xx, hrsp_other). */
  responses: [other: number, c1: number, c2: number, c3: number, c4: number, c5: number]
  /** Requests that a rule or the monitor answered (intercepted). */
  intercepted: number
  /** Requests refused by rules (dreq), responses refused by rules (dresp). */
  deniedRequests: number
  deniedResponses: number
  /** Requests that failed before they were understood (ereq). */
  requestErrors: number
  /** Requests for which no server could be reached (econ), responses that failed (eresp). */
  connectErrors: number
  responseErrors: number
  /** Faults of rules and of ours (eint), fields that could not be rewritten (wrew). */
  internalErrors: number
  failedRewrites: number
  /** Transfers that the client broke off (cli_abrt), or the server (srv_abrt); those who kept silent for too long included. */
  clientAborts: number
  serverAborts: number
  /** Times that the algorithm chose the server (lbtot). */
  selected: number
  /** Connects (connect), and times that a connection was used again (reuse). */
  connects: number
  reuses: number
  /** Connects that were tried again at the same server (wretr), and requests that moved to another one (wredis). */
  retries: number
  redispatches: number
  /** Checks that failed while it was not surely down (chkfail). */
  failedChecks: number
  /** Times that failures in its traffic reached their limit (hanafail). */
  failedAnalyses: number
  /** Failures in its traffic since one went well, of those that count together. */
  observedErrors: number
  /** Times that it went down (chkdown). */
  wentDown: number
  /** The most within a second: sessions (rate_max), connections (conn_rate_max), requests (req_rate_max). */
  highestRate: number
  highestConnectionRate: number
  highestRequestRate: number
  /** When the last session began, by milliseconds of the engine's clock; -1 for never (lastsess). */
  lastSession: number
  /** Sums over the last {@link WINDOW} requests, in milliseconds: waiting, connecting, until the answer, all (qtime, ctime, rtime, ttime). */
  queueTimes: number
  connectTimes: number
  responseTimes: number
  totalTimes: number
  /** And the longest of each (qtime_max …). */
  highestQueueTime: number
  highestConnectTime: number
  highestResponseTime: number
  highestTotalTime: number
}

/** Averages of times are over so many requests. */
export const WINDOW = 1024

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
    connections: 0,
    deniedConnections: 0,
    deniedSessions: 0,
    requests: 0,
    responses: [0, 0, 0, 0, 0, 0],
    intercepted: 0,
    deniedRequests: 0,
    deniedResponses: 0,
    requestErrors: 0,
    connectErrors: 0,
    responseErrors: 0,
    internalErrors: 0,
    failedRewrites: 0,
    clientAborts: 0,
    serverAborts: 0,
    selected: 0,
    connects: 0,
    reuses: 0,
    retries: 0,
    redispatches: 0,
    failedChecks: 0,
    failedAnalyses: 0,
    observedErrors: 0,
    wentDown: 0,
    highestRate: 0,
    highestConnectionRate: 0,
    highestRequestRate: 0,
    lastSession: -1,
    queueTimes: 0,
    connectTimes: 0,
    responseTimes: 0,
    totalTimes: 0,
    highestQueueTime: 0,
    highestConnectTime: 0,
    highestResponseTime: 0,
    highestTotalTime: 0,
  }
}

/** One more is being served. */
export function begin(of: Counters): void {
  of.total++
  occupy(of)
}

/** One more takes a place, and is counted where it is reached. */
export function occupy(of: Counters): void {
  if (++of.current > of.highest) of.highest = of.current
}

/** Counts an answer by its class. */
export function countResponse(of: Counters, status: number): void {
  const group = (status / 100) | 0
  const index = group >= 1 && group <= 5 ? group : 0
  of.responses[index as 0]++
}

/** How long the stages of one transaction took, in milliseconds; what is negative was not reached. */
export interface Durations {
  readonly queue: number
  readonly connect: number
  readonly response: number
}

/** Takes the times of one transaction in, which took `total` milliseconds and was the one with the number `seen`. */
export function countTimes(of: Counters, { queue, connect, response }: Durations, total: number, seen: number): void {
  of.queueTimes = slide(of.queueTimes, queue, seen)
  of.connectTimes = slide(of.connectTimes, connect, seen)
  of.responseTimes = slide(of.responseTimes, response, seen)
  of.totalTimes = slide(of.totalTimes, total, seen)
  if (queue > of.highestQueueTime) of.highestQueueTime = queue
  if (connect > of.highestConnectTime) of.highestConnectTime = connect
  if (response > of.highestResponseTime) of.highestResponseTime = response
  if (total > of.highestTotalTime) of.highestTotalTime = total
}

/** Once the window is full, each value takes the place of an average one. */
function slide(sum: number, value: number, seen: number): number {
  return sum + Math.max(value, 0) - (seen > WINDOW ? sum / WINDOW : 0)
}

/** The average that belongs to a sum, rounded up as HAProxy does. */
export function averageOf(sum: number, seen: number): number {
  return seen === 0 ? 0 : Math.ceil(sum / Math.min(seen, WINDOW))
}

/** Forgets what was the most: `clear counters`. */
export function clearHighest(of: Counters): void {
  of.highest = 0
  of.highestQueued = 0
  of.highestRate = 0
  of.highestConnectionRate = 0
  of.highestRequestRate = 0
  of.highestQueueTime = 0
  of.highestConnectTime = 0
  of.highestResponseTime = 0
  of.highestTotalTime = 0
}

/** Forgets all but what is going on now, and that even as the most: `clear counters all`. */
export function clearCounters(of: Counters): void {
  const { current, queued } = of
  Object.assign(of, counters(), { current, queued })
}
