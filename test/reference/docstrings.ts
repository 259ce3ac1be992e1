/** What the code says of itself: the names of ours that stand for words of HAProxy's, with the first words of their docstrings. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A name of ours. */
export interface OwnName {
  /** As code writes it: `header`, `.lower()`. */
  readonly name: string
  /** The docstring, as far as it says what for. */
  readonly summary: string
  /** Under `lib/`. */
  readonly file: string
}

/** The names by HAProxy's word. */
export type OwnNames = ReadonlyMap<string, readonly OwnName[]>

const lib = join(process.cwd(), 'lib')
const declared =
  /\/\*\*((?:(?!\*\/)[\s\S])*?)\*\/\s*(?:export (?:const|function|class) (\w+)|((?:readonly )?\w+)(?=[(<:]))/g

const plain = (comment: string): string =>
  comment
    .replace(/^\s*\* ?/gm, '')
    .replace(/```[\s\S]*?```/g, '')
    .replace(/\{@link (\w+)\}/g, '`$1`')
    .replace(/\s+/g, ' ')
    .trim()

/** The words behind `HAProxy:`, up to the end of the sentence; those of rule sets and arguments are left away. */
function wordsOf(text: string): readonly string[] {
  const [, sentence = ''] = /\bHAProxy(?: 3\.\d| \(\d\.\d and later\))?: (`[\s\S]*?)(?:\.(?= |$)|$)/.exec(text) ?? []
  return [...sentence.matchAll(/`([^`]+)`/g)].map(([, word = '']) =>
    word
      .replace(/^(?:http|tcp)-(?:request|response|after-response)(?: connection| session| content)? /, '')
      .replace(/(?!^)[ (<[].*$/s, ''),
  )
}

function read(file: string, exported: ReadonlySet<string>): readonly (readonly [string, OwnName])[] {
  const source = readFileSync(join(lib, file), 'utf8')
  const found: (readonly [string, OwnName])[] = []
  for (const [, comment = '', outer, member] of source.matchAll(declared)) {
    if (outer !== undefined && !exported.has(outer)) continue
    if (member?.startsWith('readonly ') === true) continue
    const text = plain(comment)
    const name = outer ?? `.${member}()`
    const summary = text.replace(/ ?\(?\bHAProxy(?: 3\.\d| \(\d\.\d and later\))?: `[\s\S]*$/, '')
    for (const word of wordsOf(text)) found.push([word, { name, summary, file }])
  }
  return found
}

/** All of some folders and files under `lib/`. */
export function ownNames(...places: readonly string[]): OwnNames {
  const index = readFileSync(join(lib, 'index.ts'), 'utf8')
  const exported = new Set(index.match(/\w+/g))
  const files = (readdirSync(lib, { recursive: true }) as string[]).filter(
    (file) => file.endsWith('.ts') && places.some((place) => file === place || file.startsWith(`${place}/`)),
  )
  const names = new Map<string, OwnName[]>()
  for (const [word, name] of files.sort().flatMap((file) => read(file, exported)))
    names.set(word, [...(names.get(word) ?? []), name])
  return names
}
