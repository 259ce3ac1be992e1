/** What is measured: the kinds of load, and the figures that this project has set itself. How they are run is not here. */
import { browserHeaders } from './rules.js'

export interface Scenario {
  readonly name: string
  readonly title: string
  readonly mode: 'http' | 'tcp'
  readonly path: string
  readonly connections: number
  /** Bytes of the answer's body. */
  readonly answer: number
  /** Bytes of the request's body. */
  readonly upload: number
  readonly close: boolean
  /** Further lines of the request. */
  readonly headers: readonly string[]
  /** The proxies with many rules run beside those without, and nobody else. */
  readonly rules: boolean
  /** Connections that are opened and then left alone; 0 is a scenario under load. */
  readonly idle: number
  /** Each round is cut into so many, so that the proxies take turns more often: for differences that are small beside the machine's moods. */
  readonly splits: number
}

const MEBIBYTE = 1024 * 1024
export const SMALL_ANSWER = 128

const base = {
  mode: 'http',
  connections: 64,
  answer: SMALL_ANSWER,
  upload: 0,
  close: false,
  headers: [],
  rules: false,
  idle: 0,
  splits: 1,
} as const

export const scenarios: readonly Scenario[] = [
  { ...base, name: 'small', title: 'small keep-alive requests, 64 connections', path: '/small' },
  { ...base, name: 'close', title: 'a new connection for each request, 64 at a time', path: '/small', close: true },
  {
    ...base,
    name: 'rules',
    title: '50 ACLs and 20 rules before the answer, 64 connections',
    path: '/shop/items/list?page=2',
    headers: browserHeaders,
    rules: true,
    splits: 5,
  },
  {
    ...base,
    name: 'large',
    title: '1 MiB responses, 16 connections',
    path: '/large',
    connections: 16,
    answer: MEBIBYTE,
  },
  {
    ...base,
    name: 'upload',
    title: '1 MiB uploads, 16 connections',
    path: '/upload',
    connections: 16,
    upload: MEBIBYTE,
    answer: `received ${MEBIBYTE}`.length,
  },
  { ...base, name: 'tcp', title: 'TCP mode, small requests, 64 connections', path: '/small', mode: 'tcp' },
  {
    ...base,
    name: 'tcp-large',
    title: 'TCP mode, 1 MiB responses, 16 connections',
    path: '/large',
    mode: 'tcp',
    connections: 16,
    answer: MEBIBYTE,
  },
  { ...base, name: 'idle', title: '5,000 idle connections', path: '/small', idle: 5000 },
]

/**
 * A figure to reach: `over` divided by `under`, both measured in the same run. Of `added` it is the median of their differences, turn by turn, in
 * microseconds a request outside the system: rules do not call it, and what its calls take changes with how busy the other side is.
 */
export interface Goal {
  readonly scenario: string
  readonly measure: 'cpu' | 'added' | 'bytes'
  readonly over: string
  readonly under: string
  readonly limit: number
  readonly sense: 'at most' | 'at least'
  /** Two others whose same figure is shown beside it. */
  readonly beside?: Pick<Goal, 'over' | 'under'>
}

export const goals: readonly Goal[] = [
  { scenario: 'small', measure: 'cpu', over: 'fairlead', under: 'haproxy', limit: 1.6, sense: 'at most' },
  { scenario: 'small', measure: 'cpu', over: 'http-proxy-3', under: 'fairlead', limit: 4, sense: 'at least' },
  { scenario: 'tcp', measure: 'cpu', over: 'fairlead', under: 'haproxy', limit: 1.7, sense: 'at most' },
  {
    scenario: 'rules',
    measure: 'added',
    over: 'fairlead-rules',
    under: 'fairlead',
    limit: 8,
    sense: 'at most',
    beside: { over: 'haproxy-rules', under: 'haproxy' },
  },
  { scenario: 'large', measure: 'bytes', over: 'fairlead', under: 'haproxy', limit: 0.6, sense: 'at least' },
]
