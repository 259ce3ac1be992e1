/**
 * Files → statements: reads the files and folders in order, cuts the lines into words, follows the conditional blocks, and
 * takes off the prefixes `no` and `default`. Statements come one by one, because `setenv` changes how the next line reads.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Blocks } from './blocks.js'
import type { Capabilities } from './capabilities.js'
import type { Diagnostics, Place } from './diagnostic.js'
import type { Environment } from './environment.js'
import { lex, picture } from './lexer.js'
import { isSectionWord } from './sections.js'

/** One line of a file: its words, and what `no` or `default` in front of them asked for. */
export interface Statement extends Place {
  readonly words: readonly string[]
  readonly prefix: 'no' | 'default' | undefined
}

/** A text to be read, and the name that it goes by in messages. The text holds one character a byte. */
export interface Source {
  readonly name: string
  readonly text: string
}

/** What `no` and `default` may stand before, beside the options. */
const negatable = [
  'option',
  'log',
  'busy-polling',
  'set-dumpable',
  'strict-limits',
  'insecure-fork-wanted',
  'numa-cpu-mapping',
]

/** The files that a `-f` argument stands for: itself, or the visible `.cfg` files of a folder in byte order. */
function filesOf(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path]
  const entries = readdirSync(path, { withFileTypes: true, encoding: 'buffer' }).map((entry) => ({
    name: entry.name.toString('latin1'),
    file: !entry.isDirectory(),
  }))
  return entries
    .filter((entry) => entry.file && entry.name.endsWith('.cfg') && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort((left, right) => (left < right ? -1 : 1))
    .map((name) => join(path, Buffer.from(name, 'latin1').toString()))
}

/** Why a file could not be read, in the system's words. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT') return 'No such file or directory'
  if (code === 'EACCES') return 'Permission denied'
  if (code === 'EISDIR') return 'Is a directory'
  return error instanceof Error ? error.message : String(error)
}

/** Opens files and folders in order; those that cannot be read are alerts. */
export function open(paths: readonly string[], diagnostics: Diagnostics): readonly Source[] {
  const sources: Source[] = []
  for (const path of paths) {
    try {
      for (const name of filesOf(path)) sources.push({ name, text: readFileSync(name, 'latin1') })
    } catch (error) {
      const message = `Cannot open configuration file/directory ${path} : ${reasonOf(error)}`
      diagnostics.alert({ file: '', line: 0 }, message)
    }
  }
  return sources
}

/** What reading needs beside the text. */
export interface Reading {
  readonly diagnostics: Diagnostics
  readonly environment: Environment
  readonly capabilities: Capabilities
}

/** The statements of a file, in order. A byte order mark, CRLF and a missing final newline are fine. */
export function* read(source: Source, reading: Reading): Generator<Statement> {
  const { diagnostics, environment, capabilities } = reading
  const file = source.name
  let line = 0
  let section = ''
  const pseudo: Readonly<Record<string, () => string>> = {
    '.FILE': () => file,
    '.LINE': () => String(line),
    '.SECTION': () => section,
  }
  const lookup = (name: string): string | undefined => (name.startsWith('.') ? pseudo[name]?.() : environment.get(name))
  const blocks = new Blocks(diagnostics, { capabilities, lookup })
  for (const text of source.text.replace(/^\xef\xbb\xbf/, '').split('\n')) {
    line++
    const place = { file, line }
    const lexed = lex(text, lookup)
    if ('fault' in lexed) {
      const { message, position } = lexed.fault
      diagnostics.alert(place, `${message} at position ${position + 1}:\n${picture(text, position)}`)
      continue
    }
    const [first = '', second] = lexed.words
    if (first === '') continue
    if (first.startsWith('.')) blocks.take(lexed.words, place)
    else if (blocks.live) {
      if (isSectionWord(first)) section = second ?? first
      yield prefixed(lexed.words, place, diagnostics)
    }
  }
  blocks.end()
}

function prefixed(words: readonly string[], { file, line }: Place, diagnostics: Diagnostics): Statement {
  const [first = '', second = ''] = words
  const prefix = first === 'no' || (first === 'default' && words.length > 1) ? first : undefined
  if (prefix === undefined) return { words, prefix, file, line }
  if (!negatable.includes(second)) {
    const message = `negation/default currently supported only for ${negatable.join(', ')}.`
    diagnostics.alert({ file, line }, message, `remove '${prefix}'`)
    return { words: [], prefix, file, line }
  }
  return { words: words.slice(1), prefix: prefix as 'no' | 'default', file, line }
}
