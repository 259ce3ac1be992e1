/** What a server's agent answers: one line of words, which may order its state, its weight and its limit, and say how it is. Manual, `agent-check`. */
import type { CheckResult } from './check-result.js'
import type { AdminState } from './server-state.js'

/** An answer, read. What it does not speak of stays as it is. */
export interface AgentReply {
  /** As its server keeps it: `CHECKED` where it does not say whether it is up. */
  readonly result: CheckResult
  readonly up: boolean | undefined
  readonly admin: AdminState | undefined
  /** A percentage of the server's initial weight. */
  readonly weight: string | undefined
  /** 0 is no limit. */
  readonly maxConnections: number | undefined
}

const ups: ReadonlyMap<string, boolean> = new Map([
  ['up', true],
  ['down', false],
  ['stopped', false],
  ['fail', false],
])
const admins: ReadonlySet<string> = new Set<AdminState>(['ready', 'drain', 'maint'])

/** The most that a limit can be. */
const MOST_CONNECTIONS = 2 ** 31 - 1

/** Words may come in any order and in any case, between blanks, tabs or commas; of several of a kind the last one counts. */
class Reader {
  up: string | undefined
  admin: AdminState | undefined
  weight: string | undefined
  maxConnections: number | undefined
  /** What stands behind a sharp. */
  said: string | undefined
  /** The first word that means nothing. */
  unknown: string | undefined
  warning: string | undefined

  /** @returns whether the words behind it are still to be read */
  take(word: string, rest: string): boolean {
    const small = word.toLowerCase()
    if (word.startsWith('#')) {
      const said = rest.slice(1).trimStart()
      if (said !== '') this.said = said
      return false
    }
    if (/^\d{1,9}%$/.test(word)) this.weight = word
    else if (small.startsWith('maxconn:')) this.#limit(small.slice('maxconn:'.length))
    else if (ups.has(small)) this.up = word
    else if (admins.has(small)) this.admin = small as AdminState
    else this.unknown ??= word
    return true
  }

  #limit(text: string): void {
    if (/^\d{1,15}$/.test(text)) this.maxConnections = Math.min(Number(text), MOST_CONNECTIONS)
    else if (text === '') this.warning = 'Require <maxconn>.'
    else if (/^\d/.test(text)) this.warning = 'Trailing garbage in maxconn string'
    else this.warning = 'maxconn string empty or preceded by garbage'
  }
}

/** @param line up to its end, without it */
export function readAgentReply(line: string): AgentReply {
  const reader = new Reader()
  for (const match of line.matchAll(/[^ \t,]+/g)) if (!reader.take(match[0], line.slice(match.index))) break
  const { up, admin, weight, maxConnections } = reader
  const isUp = up === undefined ? undefined : ups.get(up.toLowerCase())
  return { result: resultOf(reader, isUp), up: isUp, admin, weight, maxConnections }
}

function resultOf({ up, said, unknown, warning }: Reader, isUp: boolean | undefined): CheckResult {
  if (isUp !== undefined) {
    const more = unknown ?? said
    const description = `via agent : ${up}${more === undefined ? '' : ` (${more})`}`
    return { passed: isUp, status: isUp ? 'L7OK' : 'L7STS', code: 0, description }
  }
  if (unknown !== undefined) return checked(`agent reports an error : ${unknown}`)
  return checked(warning === undefined ? undefined : `agent warns : ${warning}`)
}

const checked = (description: string | undefined): CheckResult => ({ passed: true, status: 'CHECKED', description })
