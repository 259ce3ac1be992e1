/** The cases of all topics: every file of this folder that exports `cases`, so that a new one needs no line here. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from '../../interop/support/proxy.js'
import type { LanguageCase, Topic } from '../case.js'

const folder = fileURLToPath(new URL('.', import.meta.url))

/** A compiled file may be left from a source that is gone. */
const isTopic = (file: string): boolean =>
  file.endsWith('.js') &&
  file !== 'index.js' &&
  existsSync(join(root, 'test/language/cases', file.replace(/\.js$/, '.ts')))

async function read(file: string): Promise<Topic> {
  const { cases } = (await import(new URL(file, import.meta.url).href)) as { cases: readonly LanguageCase[] }
  return { name: file.replace(/\.js$/, ''), cases }
}

export const topics: readonly Topic[] = await Promise.all(readdirSync(folder).filter(isTopic).sort().map(read))

/** Those that a word chooses: a topic's name, or a part of a case's name. */
export function chosen(word: string | undefined): readonly Topic[] {
  if (word === undefined || word === '') return topics
  const named = topics.filter((topic) => topic.name === word)
  if (named.length > 0) return named
  return topics
    .map((topic) => ({ ...topic, cases: topic.cases.filter(({ name }) => name.includes(word)) }))
    .filter(({ cases }) => cases.length > 0)
}
