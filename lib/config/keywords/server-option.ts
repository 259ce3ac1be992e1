/** What a word of a `server` or `default-server` line sets: its shape, and the kinds of words that there are many of. */
import type { Line } from '../keyword.js'
import type { ServerSettings } from '../proxy-draft.js'
import { type Range, readInteger, readTime } from '../values.js'

/** The settings of one line, which its words fill. */
export type Settings = { -readonly [K in keyof ServerSettings]: ServerSettings[K] } & { id?: number }

/** One word. */
export interface ServerOption {
  readonly takes: 0 | 1
  readonly read: (line: Line, value: string, into: Settings) => void
}

type Key<T> = { [K in keyof Settings]-?: T extends Required<Settings>[K] ? K : never }[keyof Settings]

export const flag = (key: Key<boolean>, value: boolean): ServerOption => ({
  takes: 0,
  read: (_line, _word, into) => {
    Object.assign(into, { [key]: value })
  },
})

export const number = (word: string, key: Key<number>, range: Range): ServerOption => ({
  takes: 1,
  read: (line, value, into) => {
    const read = readInteger(line, value, `'${word}'`, range)
    if (read !== undefined) Object.assign(into, { [key]: read })
  },
})

/** Whatever stands there. */
export const text = (key: Key<string>): ServerOption => ({
  takes: 1,
  read: (_line, value, into) => {
    Object.assign(into, { [key]: value })
  },
})

/** A time that may be none. */
export const span = (word: string, key: Key<number>): ServerOption => ({
  takes: 1,
  read: (line, value, into) => {
    const read = readTime(line, value, `'${word}'`)
    if (read !== undefined) Object.assign(into, { [key]: read })
  },
})

/** A number of connections or uses; -1 is as many as there may be. */
export const most = (word: string, key: Key<number>): ServerOption => ({
  takes: 1,
  read: (line, value, into) => {
    const read = readInteger(line, value, `'${word}'`, { min: -1 })
    if (read !== undefined) Object.assign(into, { [key]: read === -1 ? 2 ** 31 - 1 : read })
  },
})

/** An interval: none of it would be no pause at all. */
export const time = (word: string, key: Key<number>): ServerOption => ({
  takes: 1,
  read: (line, value, into) => {
    const read = readTime(line, value, `'${word}'`)
    if (read === undefined) return
    if (read === 0) line.alert(`invalid value 0 for argument '${word}'.`)
    else {
      Object.assign(into, { [key]: read })
      if (/^\d{1,2}$/.test(value))
        line.warning(`'${word} ${value}' is ${value} milliseconds.`, `write '${word} ${value}s' if seconds are meant`)
    }
  },
})

/** One of a few words. */
export const choice = <K extends keyof Settings>(
  word: string,
  key: K,
  choices: Readonly<Record<string, Settings[K]>>,
  expected: string,
): ServerOption => ({
  takes: 1,
  read: (line, value, into) => {
    if (Object.hasOwn(choices, value)) into[key] = choices[value] as Settings[K]
    else line.alert(`'${word}' expects ${expected} but got '${value}'.`)
  },
})
