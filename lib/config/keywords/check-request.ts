/** `http-check send`: the words of a check's HTTP request. */
import type { CheckRequestDraft, TextDraft } from '../check-draft.js'
import type { Line } from '../keyword.js'

/** A text that is taken as it stands. */
export const plain = (text: string): TextDraft => ({ text, format: false })

const formatted = (text: string): TextDraft => ({ text, format: true })

/** Without a sample in it, it is as it stands. */
const textOf = (text: string): TextDraft => (text.includes('%') ? formatted(text) : plain(text))

/** `HTTP/1.0`, `HTTP/1.1`. */
export function readVersion(line: Line, version: string): Pick<CheckRequestDraft, 'version'> {
  if (version === 'HTTP/1.0' || version === 'HTTP/1.1') return { version: version === 'HTTP/1.0' ? '1.0' : '1.1' }
  line.alert(`'${line.keyword}' : unknown version '${version}'`, "write 'HTTP/1.0' or 'HTTP/1.1'")
  return {}
}

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** The options that take one word. */
const single: Readonly<Record<string, (line: Line, value: string) => CheckRequestDraft | undefined>> = {
  meth: (line, method) => {
    if (token.test(method)) return { method }
    line.alert(`'${line.keyword}' : '${method}' is no HTTP method.`)
    return undefined
  },
  uri: (line, uri) => {
    if (/^[\x21-\x7e]+$/.test(uri)) return { uri: plain(uri) }
    line.alert(`'${line.keyword}' : '${uri}' is no URI.`, 'write %20 for a blank')
    return undefined
  },
  'uri-lf': (_line, uri) => ({ uri: formatted(uri) }),
  ver: readVersion,
  body: (_line, body) => ({ body: plain(body) }),
  'body-lf': (_line, body) => ({ body: formatted(body) }),
  comment: (_line, comment) => ({ comment }),
}

/** All words of a line; nothing when something is wrong, which has been told. */
export function readRequest(line: Line): CheckRequestDraft | undefined {
  const words = [...line.args]
  let read: CheckRequestDraft = {}
  const headers: (readonly [string, TextDraft])[] = []
  while (words.length > 0) {
    const word = words.shift() ?? ''
    const value = words.shift() ?? ''
    if (word === 'hdr') {
      const field = readField(line, value, words.shift() ?? '', headers)
      if (field === undefined) return undefined
      headers.push(field)
    } else if (!Object.hasOwn(single, word)) {
      const known = "'comment', 'meth', 'uri', 'uri-lf', 'ver', 'hdr', 'body' or 'body-lf'"
      line.alert(`'${line.keyword}' : expects ${known} but got '${word}' as argument.`)
      return undefined
    } else if (value === '') {
      line.alert(`'${line.keyword}' : '${word}' expects a string as argument.`)
      return undefined
    } else {
      const said = single[word]?.(line, value)
      if (said === undefined) return undefined
      read = { ...read, ...said }
    }
  }
  return headers.length === 0 ? read : { ...read, headers }
}

function readField(
  line: Line,
  name: string,
  text: string,
  before: readonly (readonly [string, TextDraft])[],
): readonly [string, TextDraft] | undefined {
  if (name === '' || text === '') {
    line.alert(`'${line.keyword}' : 'hdr' expects <name> and <value> as arguments.`)
    return undefined
  }
  if (!token.test(name)) {
    line.alert(`'${line.keyword}' : '${name}' is no name of a header.`)
    return undefined
  }
  const host = name.toLowerCase() === 'host' ? before.find(([known]) => known.toLowerCase() === 'host') : undefined
  if (host === undefined) return [name, textOf(text)]
  line.alert(`'${line.keyword}' : '${name}' header already defined (previous value is '${host[1].text}').`)
  return undefined
}
