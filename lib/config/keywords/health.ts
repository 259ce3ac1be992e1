/** How servers are checked: `option httpchk`, `http-check send`, `http-check expect`. */

import { parseStatusRanges } from '../../proxy/checks/status-ranges.js'
import { type Line, type ProxyKeyword, serverSide } from '../keyword.js'
import type { CheckRequestDraft, ExpectationDraft, ProxyDraft, ProxySettings } from '../proxy-draft.js'

function readHttpchk(line: Line, { settings }: ProxyDraft): void {
  const [first, second, version, extra] = line.args
  if (extra !== undefined)
    line.alert(`'option httpchk' cannot handle unexpected argument '${extra}'.`, "use 'http-check send' for headers")
  settings.checkKind = 'http'
  settings.checkRequest =
    first === undefined
      ? {}
      : second === undefined
        ? { uri: first }
        : { method: first, uri: second, ...readVersion(line, version) }
}

/** `HTTP/1.0`, `HTTP/1.1`. */
function known(line: Line, version: string): CheckRequestDraft {
  if (version === 'HTTP/1.0' || version === 'HTTP/1.1') return { version: version === 'HTTP/1.0' ? '1.0' : '1.1' }
  line.alert(`'${line.keyword}' : unknown version '${version}'`, "write 'HTTP/1.0' or 'HTTP/1.1'")
  return {}
}

/** Headers behind the version are an old trick, which HAProxy still honours. */
function readVersion(line: Line, text: string | undefined): CheckRequestDraft {
  if (text === undefined) return {}
  const [version = '', ...lines] = text.split('\r\n')
  const end = lines.indexOf('')
  const fields = end < 0 ? lines : lines.slice(0, end)
  const body = end < 0 ? '' : lines.slice(end + 1).join('\r\n')
  if (lines.length > 0) {
    const send = fields.map((field) => `hdr ${field.replace(/:\s*/, ' ')}`).join(' ')
    line.warning(
      "'option httpchk' : hiding headers or body at the end of the version string is deprecated.",
      `use 'http-check send${send === '' ? '' : ` ${send}`}'`,
    )
  }
  const headers = fields.map((field): [string, string] => {
    const colon = field.indexOf(':')
    return colon < 0 ? [field, ''] : [field.slice(0, colon), field.slice(colon + 1).trim()]
  })
  return { ...known(line, version), headers, ...(body === '' ? {} : { body }) }
}

const sendWords = ['meth', 'uri', 'uri-lf', 'ver', 'hdr', 'body', 'body-lf', 'comment']

function readSend(line: Line): CheckRequestDraft {
  const words = [...line.args]
  let read: CheckRequestDraft = {}
  const headers: (readonly [string, string])[] = []
  while (words.length > 0) {
    const word = words.shift() ?? ''
    const value = words.shift()
    if (!sendWords.includes(word)) {
      line.alert(`'http-check send' : expects 'meth', 'uri', 'ver', 'hdr' or 'body' but got '${word}' as argument.`)
      break
    }
    if (word === 'uri-lf' || word === 'body-lf' || word === 'comment')
      line.alert(`'http-check send' : '${word}' is not supported yet`)
    else if (value === undefined) {
      line.alert(`'http-check send' : '${word}' expects a value.`)
    } else if (word === 'meth') read = { ...read, method: value }
    else if (word === 'uri') read = { ...read, uri: value }
    else if (word === 'ver') read = { ...read, ...known(line, value) }
    else if (word === 'body') read = { ...read, body: value }
    else {
      const text = words.shift()
      if (text === undefined) line.alert("'http-check send' : 'hdr' expects <name> and <value> as arguments.")
      else headers.push([value, text])
    }
  }
  return headers.length === 0 ? read : { ...read, headers }
}

const kinds = ['status', 'string', 'rstatus', 'rstring'] as const

/** Words that HAProxy knows and we do not yet. */
const laterKinds = [
  'string-lf',
  'min-recv',
  'comment',
  'ok-status',
  'error-status',
  'tout-status',
  'on-success',
  'on-error',
  'status-code',
]

function readExpect(line: Line): ExpectationDraft | undefined {
  const words = [...line.args]
  const not = words[0]?.startsWith('!') === true
  if (not) {
    if (words[0] === '!') words.shift()
    else words[0] = (words[0] ?? '').slice(1)
  }
  if (words[0] === 'header') correctSpelling(line, words)
  if (words[0] === 'hdr' || words[0] === 'fhdr') return readHeader(line, words[0], words.slice(1), not)
  const [word = '', pattern, extra] = words
  const kind = kinds.find((known) => known === word)
  if (word === '') line.alert("'http-check expect' : expects at least a matching pattern as arguments.")
  else if (kind === undefined) unknownExpectation(line, word)
  else if (pattern === undefined) line.alert(`'http-check expect' : '${kind}' expects a pattern.`)
  else if (extra !== undefined)
    line.alert(`'http-check expect' : got '${extra}' behind the pattern '${pattern}'.`, 'quote a pattern with blanks')
  else if (isPattern(line, kind, pattern)) return { kind, pattern, not }
  return undefined
}

/** Tutorials write `header NAME -m sub VALUE`. */
function correctSpelling(line: Line, words: string[]): void {
  const [, name = '', ...rest] = words
  words.splice(0, words.length, 'hdr', 'name', name, ...(rest.length === 0 ? [] : ['value', ...rest]))
  line.warning("'http-check expect header' is not HAProxy's spelling.", `write 'http-check expect ${words.join(' ')}'`)
}

const matches = ['str', 'beg', 'end', 'sub', 'reg']

/** `name [-m <method>] <name> [value [-m <method>] <value>]`. */
function readHeader(line: Line, kind: 'hdr' | 'fhdr', given: string[], not: boolean): ExpectationDraft | undefined {
  const words = [...given]
  const part = (what: 'name' | 'value'): { match?: string; text: string } | undefined => {
    if (words.shift() !== what) {
      const said = `'http-check expect' : '${kind}' expects 'name' and a header field, and then perhaps 'value' and one.`
      line.alert(said, `as in '${kind} name content-type value -m beg text/'`)
      return undefined
    }
    let match: string | undefined
    if (words[0] === '-m') {
      match = words.splice(0, 2)[1] ?? ''
      if (!matches.includes(match)) {
        line.alert(`'http-check expect' : '-m' supports ${matches.join(', ')}, but got '${match}'.`)
        return undefined
      }
    }
    const text = words.shift()
    if (text === undefined || (what === 'name' && text === '')) {
      line.alert(`'http-check expect' : '${what}' expects a text.`)
      return undefined
    }
    if (match === 'reg' && !isPattern(line, 'rstring', text)) return undefined
    return { text, ...(match === undefined ? {} : { match }) }
  }
  const name = part('name')
  if (name === undefined) return undefined
  const more = words.length > 0
  const value = more ? part('value') : undefined
  if (more && value === undefined) return undefined
  if (words.length > 0) {
    line.alert(`'http-check expect' : got '${words[0]}' behind '${kind}'.`, 'quote a value with blanks')
    return undefined
  }
  return { kind, pattern: name.text, not, nameMatch: name.match, value: value?.text, valueMatch: value?.match }
}

function unknownExpectation(line: Line, word: string): void {
  if (laterKinds.includes(word)) line.alert(`'http-check expect ${word}' is not supported yet`)
  else
    line.alert(
      `'http-check expect' : only supports '[!]string', '[!]rstring', '[!]status', '[!]rstatus', '[!]hdr' and '[!]fhdr' but got '${word}' as argument.`,
    )
}

function isPattern(line: Line, kind: ExpectationDraft['kind'], pattern: string): boolean {
  try {
    if (kind === 'status') parseStatusRanges(pattern)
    else if (kind !== 'string') line.loading.compileRegex(pattern)
    else warnOfQuotes(line, pattern)
    return true
  } catch (error) {
    line.alert(`'http-check expect' : ${(error as Error).message}`)
    return false
  }
}

/** `"status":"ok"` loses its quotes to the parser, as it does in HAProxy. */
function warnOfQuotes(line: Line, pattern: string): void {
  if (!/^\{?[\w-]+:[\w-]+\}?$/.test(pattern)) return
  line.warning(
    `'http-check expect string' looks for ${pattern}, without quotes: the parser removes them.`,
    'to look for quotes, write the pattern in single quotes, as in \'"status":"ok"\'',
  )
}

function expect(line: Line, draft: ProxyDraft): void {
  const read = readExpect(line)
  if (read === undefined) return
  // Lines of a defaults section hold only where a section has none of its own.
  const before = draft.said.has('http-check expect') ? draft.settings.expectations : []
  draft.said.add('http-check expect').add('http-check')
  draft.settings.expectations = [...before, read]
}

function send(line: Line, draft: ProxyDraft): void {
  const { checkRequest } = draft.settings
  draft.settings.checkRequest = { ...checkRequest, ...readSend(line) }
  draft.said.add('http-check')
}

const check = (name: string, parse: ProxyKeyword['parse']): ProxyKeyword => ({
  name,
  sections: serverSide,
  elsewhere: 'ignored',
  parse,
})

/** Whether the checks of these settings would have something to do without `option httpchk`. */
export const hasCheckRules = ({ expectations, checkRequest }: ProxySettings): boolean =>
  expectations.length > 0 || Object.keys(checkRequest).length > 0

export const healthKeywords: readonly ProxyKeyword[] = [
  { ...check('option httpchk', readHttpchk), negatable: false },
  check('http-check send', send),
  check('http-check expect', expect),
]
