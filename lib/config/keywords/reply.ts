/** The words of an answer, which `return`, `deny`, `tarpit` and `http-error` have alike. */
import type { ErrorPages, Phase } from '../../index.js'
import { Format, type Text } from '../../match/format.js'
import type { AnswerOptions } from '../../rules/actions/answer.js'
import { pageStatuses } from '../../rules/default-replies.js'
import { filePage, type Page } from '../../rules/page.js'
import type { ActionLine } from '../action.js'
import type { Checkpoint } from '../expression.js'
import type { Linker } from '../linker.js'
import { fieldName } from './header-actions.js'

const BUFFER = 16_384
/** Bytes of a buffer that HAProxy keeps free for rules. */
const RESERVED = 1024

const contents = ['default-errorfiles', 'errorfile', 'errorfiles', 'file', 'lf-file', 'string', 'lf-string'] as const
type Content = (typeof contents)[number]

const isContent = (word: string): word is Content => (contents as readonly string[]).includes(word)

/** What they said. */
export interface ReplyWords {
  readonly status: number | undefined
  readonly contentType: string | undefined
  readonly content: Content | undefined
  /** A text, a format, or the name of a section. */
  readonly text: string
  readonly page: Page | undefined
  readonly headers: readonly (readonly [name: string, value: string])[]
}

type Draft = { -readonly [K in keyof ReplyWords]: ReplyWords[K] } & { headers: (readonly [string, string])[] }

/** The size of HAProxy's buffer, which no answer may exceed. */
const bufferSize = (words: ActionLine): number => words.line.loading.process.settings.bufferSize ?? BUFFER

/**
 * Reads them, up to the first word that is none of them.
 * @param statuses the words that a status stands behind
 * @param silent what is meant where nothing is said but `deny_status`
 */
export function readReply(words: ActionLine, statuses: readonly string[], silent?: Content): ReplyWords | undefined {
  const draft: Draft = {
    status: undefined,
    contentType: undefined,
    content: undefined,
    text: '',
    page: undefined,
    headers: [],
  }
  let plain = true
  for (;;) {
    const word = words.words[0] ?? ''
    if (!statuses.includes(word) && word !== 'content-type' && word !== 'hdr' && !isContent(word)) break
    words.words.shift()
    if (word !== 'deny_status') plain = false
    if (!readOption(words, word, draft, statuses)) return undefined
  }
  if (plain) draft.content = silent
  return checkReply(words, draft) ? draft : undefined
}

function readOption(words: ActionLine, word: string, draft: Draft, statuses: readonly string[]): boolean {
  if (statuses.includes(word)) return readStatus(words, draft)
  if (word === 'hdr') return readField(words, draft)
  if (word === 'content-type') {
    draft.contentType = argument(words, word, '<ctype>')
    return draft.contentType !== undefined
  }
  if (draft.content !== undefined) {
    words.alert(`unexpected '${word}' argument, '${draft.content}' already defined.`, 'remove one of them')
    return false
  }
  return readContent(words, word as Content, draft)
}

function argument(words: ActionLine, word: string, what: string): string | undefined {
  const value = words.words.shift()
  if (value !== undefined && value !== '') return value
  words.alert(`'${word}' expects ${what} as argument.`)
  return undefined
}

function readStatus(words: ActionLine, draft: Draft): boolean {
  const text = argument(words, 'status', '<status_code>')
  if (text === undefined) return false
  draft.status = Number(text)
  if (/^\d{3}$/.test(text) && draft.status >= 200 && draft.status <= 599) return true
  words.alert(`Unexpected status code '${text}'.`, 'write a number from 200 to 599')
  return false
}

function readField(words: ActionLine, draft: Draft): boolean {
  const [given = '', value = ''] = words.words.splice(0, 2)
  if (given === '' || value === '') {
    words.alert("'hdr' expects <name> and <value> as arguments.", 'quote a value with blanks')
    return false
  }
  const name = fieldName(words, given)
  if (/^(content-length|transfer-encoding|content-type)$/i.test(name)) {
    const advice = name.toLowerCase() === 'content-type' ? "write 'content-type <type>'" : 'remove it'
    words.line.warning(`'${words.line.keyword}' : header '${name}' always ignored by the http reply.`, advice)
  } else draft.headers.push([name, value])
  return true
}

function readContent(words: ActionLine, content: Content, draft: Draft): boolean {
  draft.content = content
  if (content === 'default-errorfiles') return true
  const what = content === 'errorfiles' ? '<name>' : content.includes('string') ? '<str>' : '<file>'
  const value = argument(words, content, what)
  if (value === undefined) return false
  if (content === 'errorfile') draft.page = readPage(words, value)
  if (content === 'errorfile') return draft.page !== undefined
  if (!content.endsWith('file')) {
    draft.text = value
    return true
  }
  draft.text = words.line.loading.readFile(value, words.line.place)
  return fits(words, value, draft.text.length)
}

/** A file with a whole answer. */
export function readPage(words: ActionLine, path: string): Page | undefined {
  try {
    return filePage(`'${path}'`, words.line.loading.readFile(path, words.line.place), bufferSize(words))
  } catch (error) {
    words.alert(`${(error as Error).message}.`)
    return undefined
  }
}

function fits(words: ActionLine, path: string, length: number): boolean {
  const size = bufferSize(words)
  if (length > size) {
    words.alert(`file '${path}' exceeds the buffer size (${length} > ${size}).`, 'serve it from a server')
    return false
  }
  if (length > size - RESERVED) {
    const what = 'http reply payload runs over the buffer space reserved to headers rewriting'
    words.line.warning(`'${words.line.keyword}' : ${what}: it would not fit into HAProxy.`, 'serve it from a server')
  }
  return true
}

function checkReply(words: ActionLine, { status, content, text, contentType, headers }: Draft): boolean {
  const paged = content?.includes('errorfile') === true
  if (paged && content !== 'errorfile' && status !== undefined && !pageStatuses.includes(status)) {
    const known = `known are ${pageStatuses.join(', ')}`
    words.alert(`status code '${status}' not handled by default with '${content}' argument.`, known)
    return false
  }
  const unused = (what: string): void =>
    words.line.warning(
      `'${words.line.keyword}' : ${what} ignored by the http reply when used with an errorfile.`,
      'remove it',
    )
  if (paged && contentType !== undefined) unused(`content-type '${contentType}'`)
  if (paged && headers.length > 0) unused('hdr parameters')
  if (paged) return true
  const dynamic = content?.startsWith('lf-') === true
  if (content !== undefined && contentType === undefined && (dynamic || text !== '')) {
    const message = dynamic
      ? 'a content type must be defined with a log-format payload.'
      : 'a content type must be defined when non-empty payload is configured.'
    words.alert(message, "add 'content-type text/plain'")
    return false
  }
  if (content === undefined && contentType !== undefined) {
    const message = `content-type '${contentType}' ignored by the http reply because neither errorfile nor payload defined.`
    words.line.warning(`'${words.line.keyword}' : ${message}`, 'remove it')
  }
  if ((status === 204 || status === 304) && content !== undefined && (dynamic || text !== '')) {
    words.alert(`No body expected for ${status} responses.`, `remove '${content}'`)
    return false
  }
  return true
}

/** Makes the answer of the words; nothing when something in them is wrong, which has been told. */
export function makeReply(
  words: ActionLine,
  read: ReplyWords,
  linker: Linker,
  checkpoint: Checkpoint,
): AnswerOptions<Phase> | undefined {
  const { place } = words.line
  if (read.page !== undefined) return { errorPage: read.page }
  if (read.content === 'default-errorfiles') return { errorPage: true }
  if (read.content === 'errorfiles') {
    const pages = linker.errorPages(read.text, place)
    if (pages === undefined) return undefined
    warnUndeclared(words, pages, read)
    return { errorPage: pages }
  }
  const headers: (readonly [string, Text<Phase>])[] = []
  for (const [name, value] of read.headers) {
    const text = linker.format(value, place, checkpoint)
    if (text === undefined) return undefined
    headers.push([name, text])
  }
  if (read.content === undefined || (read.text === '' && !read.content.startsWith('lf-'))) return { headers }
  const body = read.content.startsWith('lf-') ? linker.format(read.text, place, checkpoint) : read.text
  if (body === undefined) return undefined
  return { headers, body: bytesOf(body), contentType: read.contentType }
}

/** Texts of a file are bytes, one character each: they go out as they are. */
const bytesOf = (text: Text<Phase>): Uint8Array | Format<Phase> =>
  text instanceof Format ? text : Buffer.from(typeof text === 'string' ? text : '', 'latin1')

function warnUndeclared(words: ActionLine, pages: ErrorPages, { status = 200, text }: ReplyWords): void {
  if (pages.has(status)) return
  const message = `status '${status}' referenced by an http reply not declared in http-errors section '${text}'.`
  words.line.warning(`'${words.line.keyword}' : ${message}`, 'the answer will be empty: declare it there')
}
