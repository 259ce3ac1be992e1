/** The words behind `fairlead explain` → what is to be explained. Nothing is done here. */
import type { Inquiry } from '../index.js'

/** What is to be explained. */
export interface ExplainLine {
  readonly files: readonly string[]
  readonly url: string
  readonly inquiry: Inquiry
  readonly json: boolean
  /** `--data-file`: the body is in a file. */
  readonly bodyFile: string | undefined
}

/** What the words ask for, while they are read. */
interface Draft {
  files: string[]
  method?: string
  url?: string
  headers: (readonly [string, string])[]
  responseHeaders: (readonly [string, string])[]
  status?: { status: number; reason?: string }
  json: boolean
  bodyFile?: string
  inquiry: { -readonly [K in keyof Inquiry]: Inquiry[K] }
}

/** The words cannot be used. */
export class ExplainFault extends Error {
  override readonly name = 'ExplainFault'
}

/** Arguments of a command are UTF-8; messages are one character a byte. */
const bytes = (text: string): string => Buffer.from(text).toString('latin1')

function field(option: string, text: string): readonly [string, string] {
  const colon = text.indexOf(':')
  if (colon < 1) throw new ExplainFault(`'${option}' expects 'Name: value', but got '${text}'`)
  return [bytes(text.slice(0, colon)), bytes(text.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, ''))]
}

function portOf(option: string, text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new ExplainFault(`'${option}' expects a port, but got '${text}'`)
}

function timeOf(option: string, text: string): number {
  const time = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text)
  if (!Number.isNaN(time)) return time
  throw new ExplainFault(
    `'${option}' expects a time as in 2026-11-21T08:00:00Z, or seconds since 1970, but got '${text}'`,
  )
}

function statusOf(option: string, text: string): NonNullable<Draft['status']> {
  const [, status, reason] = /^(\d{3})(?:\s+(.*))?$/s.exec(text) ?? []
  if (status === undefined) throw new ExplainFault(`'${option}' expects a status as in '200' or '404 Not Found'`)
  return { status: Number(status), ...(reason === undefined ? {} : { reason: bytes(reason) }) }
}

function versionOf(option: string, text: string): '1.0' | '1.1' {
  if (text === '1.0' || text === '1.1') return text
  throw new ExplainFault(`'${option}' expects 1.0 or 1.1, but got '${text}'`)
}

type Reader = (draft: Draft, value: string, option: string) => void

const options: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['-f', (draft, value) => void draft.files.push(value)],
  ['-H', (draft, value, option) => void draft.headers.push(field(option, value))],
  ['--data', (draft, value) => void (draft.inquiry.body = Buffer.from(value))],
  ['--data-file', (draft, value) => void (draft.bodyFile = value)],
  ['--frontend', (draft, value) => void (draft.inquiry.frontend = value)],
  ['--src', (draft, value) => void (draft.inquiry.src = value)],
  ['--src-port', (draft, value, option) => void (draft.inquiry.srcPort = portOf(option, value))],
  ['--dst', (draft, value) => void (draft.inquiry.dst = value)],
  ['--dst-port', (draft, value, option) => void (draft.inquiry.dstPort = portOf(option, value))],
  ['--at', (draft, value, option) => void (draft.inquiry.at = timeOf(option, value))],
  ['--http', (draft, value, option) => void (draft.inquiry.version = versionOf(option, value))],
  ['--response', (draft, value, option) => void (draft.status = statusOf(option, value))],
  ['--response-header', (draft, value, option) => void draft.responseHeaders.push(field(option, value))],
])

/** Reads the words. @throws {ExplainFault} that says which one cannot be used */
export function readExplain(given: readonly string[]): ExplainLine {
  const draft: Draft = { files: [], headers: [], responseHeaders: [], json: false, inquiry: {} }
  const words = [...given]
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const read = options.get(word)
    if (read !== undefined) {
      const value = words.shift()
      if (value === undefined) throw new ExplainFault(`'${word}' expects an argument`)
      read(draft, value, word)
    } else if (word === '--json') draft.json = true
    else if (word.startsWith('-')) throw new ExplainFault(`unknown option '${word}'`)
    else if (draft.url === undefined && draft.method === undefined && !/[/*]/.test(word)) draft.method = word
    else if (draft.url === undefined) draft.url = bytes(word)
    else throw new ExplainFault(`'${word}' is one word too many: one method and one URL are expected`)
  }
  return complete(draft)
}

function complete({
  files,
  method,
  url,
  headers,
  responseHeaders,
  status,
  json,
  bodyFile,
  inquiry,
}: Draft): ExplainLine {
  if (files.length === 0) throw new ExplainFault("no configuration: give one with '-f'")
  if (url === undefined) throw new ExplainFault('no URL: give one as in https://www.example.com/')
  if (status === undefined && responseHeaders.length > 0)
    throw new ExplainFault("'--response-header' needs '--response'")
  const body = inquiry.body !== undefined || bodyFile !== undefined
  return {
    files,
    url,
    json,
    bodyFile,
    inquiry: {
      ...inquiry,
      method: method ?? (body ? 'POST' : 'GET'),
      headers,
      ...(status === undefined ? {} : { response: { ...status, headers: responseHeaders } }),
    },
  }
}
