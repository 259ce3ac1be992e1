/** What HAProxy gave, a file a topic: one line a case, so that a difference is one line. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../interop/support/proxy.js'
import { fingerprint, type Subject } from './setup.js'

const folder = join(root, 'test/language/recorded')

interface Recording {
  /** Of the program that was asked. */
  readonly version: string
  /** The fingerprint of the case, a blank, and what it gave. */
  readonly cases: Readonly<Record<string, string>>
}

/** By the names of the cases; what was recorded of a case that has changed since is `undefined`. */
export type Recorded = (subject: Subject) => string | undefined

function read(topic: string): Recording {
  const file = join(folder, `${topic}.json`)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Recording) : { version: '', cases: {} }
}

/** All recordings, each read when it is first asked for. */
export function recordings(): Recorded {
  const topics = new Map<string, Recording>()
  return (subject) => {
    let recording = topics.get(subject.topic)
    if (recording === undefined) topics.set(subject.topic, (recording = read(subject.topic)))
    const line = recording.cases[subject.case.name] ?? ''
    const mark = `${fingerprint(subject)} `
    return line.startsWith(mark) ? line.slice(mark.length) : undefined
  }
}

/** Writes a topic's recording. */
export function write(topic: string, version: string, gave: readonly (readonly [Subject, string])[]): void {
  const lines = gave
    .map(
      ([subject, text]) =>
        `    ${JSON.stringify(subject.case.name)}: ${JSON.stringify(`${fingerprint(subject)} ${text}`)}`,
    )
    .sort()
  mkdirSync(folder, { recursive: true })
  const text = `{\n  "version": ${JSON.stringify(version)},\n  "cases": {\n${lines.join(',\n')}\n  }\n}\n`
  writeFileSync(join(folder, `${topic}.json`), text)
}
