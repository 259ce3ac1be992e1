/** Cases for the runtime API: configurations, traffic, and commands whose answers must be HAProxy's. */

/** What a configuration is told of its surroundings. */
export interface Place {
  /** The path of a socket of the runtime API, by its level. */
  readonly socket: (level: 'user' | 'operator' | 'admin') => string
  /** A port of this very program, by any name. */
  readonly port: (name: string) => number
  /** A server that answers `200 ok` to everything but what its target says: `/status/500`, `/header/x-y`; `/hang` and `/full` it never answers, `/raw/<base64url>` with those bytes. */
  readonly origin: number
  /** A port where nobody listens. */
  readonly nobody: number
}

/** A command, or something that happens between commands. */
export type Step =
  /** A line, or several; what is answered is compared. */
  | {
      readonly ask: string
      readonly level?: 'user' | 'operator' | 'admin'
      /** What changes from one run to the next is made alike. */
      readonly mask?: (answer: string) => string
      /** What we have is among what HAProxy has, line by line, in its order: it has commands that we have not. */
      readonly subset?: boolean
    }
  /** These bytes to the port of that name, over a connection that stays until the end. */
  | { readonly hold: string; readonly from: string }
  /** The same, until the other side closes it; then nobody is there any more, unless the program is busy with others. */
  | { readonly raw: string; readonly from: string; readonly busy?: boolean }
  /** A request to the port of that name. */
  | { readonly get: string; readonly from: string; readonly times?: number }
  /** Asks again and again until the answer fits. */
  | { readonly until: RegExp; readonly ask: string }

export interface RuntimeCase {
  readonly name: string
  readonly config: (place: Place) => string
  readonly steps: readonly Step[]
}

/** Global lines that every case has. */
export const sockets = ({ socket }: Place): string =>
  (['user', 'operator', 'admin'] as const)
    .map((level) => `  stats socket ${socket(level)} mode 600 level ${level}\n`)
    .join('')

/** Defaults that suit most. */
export const defaults = `defaults
  mode http
  timeout connect 1s
  timeout client 5s
  timeout server 5s
`

/** Columns of `show stat` that tell of time, or of what HAProxy keeps for itself. */
const VOLATILE = new Set([
  ...['lastchg', 'downtime', 'rate', 'rate_max', 'req_rate', 'req_rate_max', 'conn_rate', 'conn_rate_max', 'lastsess'],
  ...['qtime', 'ctime', 'rtime', 'ttime', 'qtime_max', 'ctime_max', 'rtime_max', 'ttime_max', 'check_duration'],
  // HAProxy counts bytes of its own form of messages, we those of the wire.
  ...['bin', 'bout'],
  ...['srv_icur', 'idle_conn_cur', 'safe_conn_cur', 'used_conn_cur', 'need_conn_est', 'agent_duration'],
])

/** Texts in quotes may hold commas. */
const OUTSIDE_QUOTES = /,(?=(?:[^"]*"[^"]*")*[^"]*$)/

/** The CSV with what changes from run to run as `~`. */
export function maskStat(answer: string): string {
  const [header = '', ...lines] = answer.split('\n')
  const names = header.replace(/^# /, '').split(',')
  const masked = lines.map((line) =>
    line === ''
      ? line
      : line
          .split(OUTSIDE_QUOTES)
          .map((value, index) => {
            const name = names[index] ?? ''
            return name.startsWith('h1_') || (VOLATILE.has(name) && value !== '') ? '~' : value
          })
          .join(','),
  )
  return [header, ...masked].join('\n')
}

/** The same for typed lines and JSON: names and kinds count, and values that do not change. */
export function maskTyped(answer: string): string {
  return answer
    .split('\n')
    .filter((line) => !/\.h1_/.test(line))
    .map((line) => {
      const [, start, name = '', kind] = /^(\S+?\.)(\w+)(\.1:\w+:\w+:)/.exec(line) ?? []
      return VOLATILE.has(name) ? `${start}${name}${kind}~${/:"[^"]*"$/.exec(line)?.[0] ?? ''}` : line
    })
    .join('\n')
}

/** All numbers are alike. */
export const maskNumbers = (answer: string): string => answer.replace(/\d+/g, '#')

/** Of guesses only that they are made: which commands are alike is a matter of taste. */
export const maskGuesses = (answer: string): string =>
  answer.replace(/(better match:\n)(?: {2}.*\n)*( {2}help \[)/g, '$1$2')
