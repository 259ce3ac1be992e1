/** The steps of checks beside expectations: `tcp-check connect`, `send`, `comment`, `set-var` …, and the same of `http-check`. */
import { parseServerAddress } from '../../base/address.js'
import { comment, connect, type Sample, send, sendBinary, setVar, unsetVar } from '../../index.js'
import { Variable, type VariableName } from '../../match/variable.js'
import { settableAt, type VariableCondition } from '../../rules/actions/set-variable.js'
import { Rule } from '../../rules/rule.js'
import { type CheckSet, checkpointOf, makeText, type StepDraft, type StepMaker } from '../check-draft.js'
import { type Line, type ProxyKeyword, serverSide } from '../keyword.js'
import type { ProxyDraft } from '../proxy-draft.js'
import { readExpect } from './check-expect.js'
import { readRequest } from './check-request.js'
import { isHex } from './check-values.js'

/** Adds a step. Lines of a defaults section hold only where a section has none of its own. */
export function addStep(line: Line, draft: ProxyDraft, set: CheckSet, step: Omit<StepDraft, 'file' | 'line'>): void {
  const { check } = draft.settings
  const before = draft.said.has(set) ? check.steps[set] : []
  draft.said.add(set)
  const fault = orderFault(set, before, step.kind)
  if (fault !== undefined) {
    line.alert(`'${line.keyword}' : ${fault}`)
    return
  }
  const steps = { ...check.steps, [set]: [...before, { ...step, ...line.place }] }
  draft.settings.check = { ...check, steps }
}

/** In HAProxy's words, why a step cannot come behind those before it. */
function orderFault(set: CheckSet, before: readonly StepDraft[], kind: StepDraft['kind']): string | undefined {
  const acting = before.filter((step) => step.kind !== 'comment' && step.kind !== 'action')
  const last = acting.at(-1)
  if (kind === 'connect')
    return acting.length === 0 || acting[0]?.kind === 'connect'
      ? undefined
      : "first step MUST also be a 'connect', optionally preceded by a 'set-var', an 'unset-var' or a 'comment', when there is a 'connect' step in the tcp-check ruleset."
  if (set === 'tcp-check') return undefined
  const index = before.length + 1
  if (kind === 'request' && last !== undefined && last.kind !== 'connect')
    return `unable to add http-check send rule at step ${index} (missing connect rule).`
  if (kind === 'expect' && last?.kind === 'connect')
    return `unable to add http-check expect rule at step ${index} (missing send rule).`
  return undefined
}

/** Words that wait for TLS and the PROXY protocol. */
const later: ReadonlySet<string> = new Set(['ssl', 'sni', 'alpn', 'proto', 'send-proxy', 'via-socks4'])

interface ConnectWords {
  port?: string
  address?: string
  linger?: boolean
  comment?: string
}

function readConnect(line: Line): StepMaker | undefined {
  const words = [...line.args]
  const read: ConnectWords = {}
  while (words.length > 0) {
    const word = words.shift() ?? ''
    if (word === 'default') continue
    if (word === 'linger') read.linger = true
    else if (later.has(word)) {
      line.alert(`'${line.keyword} ${word}' is not supported yet`)
      return undefined
    } else if (word === 'port' || word === 'addr' || word === 'comment') {
      if (!readValue(line, word, words.shift() ?? '', read)) return undefined
    } else {
      const known = "'comment', 'port', 'addr', 'send-proxy', 'ssl', 'sni', 'alpn' or 'via-socks4', 'linger', 'default'"
      line.alert(`'${line.keyword}' : expects ${known} but got '${word}' as argument.`)
      return undefined
    }
  }
  return connectMaker(line, read)
}

const expected = {
  port: 'a port number or a sample expression',
  addr: '<ipv4|ipv6>',
  comment: 'a string',
} as const

function readValue(line: Line, word: keyof typeof expected, value: string, read: ConnectWords): boolean {
  if (value === '') line.alert(`'${line.keyword}' : '${word}' expects ${expected[word]} as argument.`)
  else if (word === 'comment') read.comment = value
  else if (word === 'addr') {
    if (!isAddress(value)) {
      line.alert(`'${line.keyword}' : 'addr' : invalid address: '${value}' in '${value}'`, 'write an IP address')
      return false
    }
    read.address = value
  } else {
    if (/^-?\d+$/.test(value) && (Number(value) < 1 || Number(value) > 65535)) {
      const message = `expects a valid TCP port (from range 1 to 65535) or a sample expression, got ${value}.`
      line.alert(`'${line.keyword}' : ${message}`)
      return false
    }
    read.port = value
  }
  return value !== ''
}

/** Names are not looked up for it. */
function isAddress(text: string): boolean {
  try {
    const { kind } = parseServerAddress(text)
    return kind !== 'name' && kind !== 'fd'
  } catch {
    return false
  }
}

function connectMaker(line: Line, { port, address, linger, comment: said }: ConnectWords): StepMaker {
  return (linker) => {
    const number = port === undefined || /^\d+$/.test(port) ? port && Number(port) : undefined
    const sample =
      port === undefined || number !== undefined
        ? number
        : linker.sample(port, line.place, checkpointOf(`${line.keyword} port`))
    if (port !== undefined && sample === undefined) return undefined
    return connect({
      ...(sample === undefined ? {} : { port: sample as number | Sample<unknown, 'check'> }),
      ...(address === undefined ? {} : { address }),
      ...(linger === undefined ? {} : { linger }),
      ...(said === undefined ? {} : { comment: said }),
    })
  }
}

/** `<data> [comment <msg>]`; nothing when it is wrong. */
function readData(line: Line, what: string): { readonly data: string; readonly comment?: string } | undefined {
  const [data = '', word, text = '', extra] = line.args
  const name = line.keyword.replace(/^\S+ /, '')
  if (data === '') line.alert(`'${line.keyword}' : '${what}' expects a ${name} as argument`)
  else if (word === undefined) return { data }
  else if (word !== 'comment')
    line.alert(`'${line.keyword}' : expects 'comment' but got '${word}' as argument.`, 'quote a text with blanks')
  else if (text === '') line.alert(`'${line.keyword}' : 'comment' expects a string as argument.`)
  else if (extra !== undefined) line.alert(`'${line.keyword}' : expects 'comment' but got '${extra}' as argument.`)
  else return { data, comment: text }
  return undefined
}

/** Tutorials print `send EHLO haproxy`, whose quotes got lost; HAProxy refuses it. */
function readUnquoted(line: Line, strict: boolean): { readonly data: string; readonly comment?: string } | undefined {
  const { args } = line
  const end = args.indexOf('comment')
  const words = end < 0 ? args : args.slice(0, end)
  const behind = end < 0 ? [] : args.slice(end + 1)
  if (strict || words.length < 2 || words.includes('') || (end >= 0 && (behind.length !== 1 || behind[0] === '')))
    return undefined
  const data = words.join(' ')
  line.warning(`'${line.keyword}' takes one word: '${data}' is sent.`, `write '${line.keyword} "${data}"'`)
  return { data, ...(behind[0] === undefined ? {} : { comment: behind[0] }) }
}

/** Which of the words for sending it is. */
interface Sending {
  readonly hex: boolean
  readonly format: boolean
}

function readSend(line: Line, { hex, format }: Sending): StepMaker | undefined {
  const read = readUnquoted(line, hex || format) ?? readData(line, hex ? 'binary string' : 'string')
  if (read === undefined) return undefined
  const { data, ...options } = read
  if (hex && !format && !isHex(line, data)) return undefined
  return (linker) => {
    const text = makeText({ text: data, format }, line.keyword, line.place, linker)
    if (text === undefined) return undefined
    if (!hex) return send(text, options)
    return sendBinary(text, options)
  }
}

function readComment(line: Line): StepMaker | undefined {
  const { first } = line
  if (first !== '') return () => comment(first)
  line.alert(`'${line.keyword}' : expects a string as argument.`)
  return undefined
}

/** A keyword whose line is one step. */
const step = (
  set: CheckSet,
  word: string,
  kind: StepDraft['kind'],
  read: (line: Line) => StepMaker | undefined,
): ProxyKeyword => ({
  name: `${set} ${word}`,
  sections: serverSide,
  elsewhere: 'ignored',
  parse: (line, draft) => {
    const make = read(line)
    if (make !== undefined) addStep(line, draft, set, { kind, make })
    else draft.said.add(set)
  },
})

const request: ProxyKeyword = {
  name: 'http-check send',
  sections: serverSide,
  elsewhere: 'ignored',
  parse: (line, draft) => {
    const read = readRequest(line)
    if (read === undefined) return
    forgetInherited(line, draft)
    addStep(line, draft, 'http-check', { kind: 'request', request: read })
  },
}

/** HAProxy puts a request together with the `option httpchk` of the same section only. */
function forgetInherited(line: Line, { settings, said }: ProxyDraft): void {
  if (said.has('option httpchk') || Object.keys(settings.check.request).length === 0) return
  line.warning(
    `'${line.keyword}' : what the defaults section says of the request with 'option httpchk' does not count here.`,
    "write 'option httpchk' with its method and URI in this section",
  )
  settings.check = { ...settings.check, request: {} }
}

/** What stands in parentheses is a variable's name, and when it is set. */
function readVariable(line: Line, word: string, inner: string): StepMaker | undefined {
  const [name = '', ...when] = inner.split(',')
  const [text = ''] = line.args
  const subject = `'${line.keyword}' : '${word}'`
  let variable: Variable
  try {
    variable = Variable.parse(name)
  } catch (error) {
    line.alert(`${subject} : invalid variable name '${name}'. ${(error as Error).message}`)
    return undefined
  }
  if (!settableAt[variable.scope].includes('check'))
    line.warning(
      `${subject} does nothing: there is no variable of scope '${variable.scope}' in a check.`,
      "use scope 'check'",
    )
  if (word !== 'unset-var' && text === '') {
    line.alert(`${subject} : missing ${word === 'set-var' ? 'fetch method' : 'format string'}.`)
    return undefined
  }
  return (linker) => {
    if (!settableAt[variable.scope].includes('check')) return new Rule<'check'>(word, ['check'], () => undefined)
    const checked = name as VariableName as 'check.x'
    if (word === 'unset-var') return unsetVar(checked)
    const checkpoint = checkpointOf(line.keyword)
    const value =
      word === 'set-var' ? linker.sample(text, line.place, checkpoint) : linker.format(text, line.place, checkpoint)
    if (value === undefined) return undefined
    return setVar(checked, value as Sample<unknown, 'check'>, { when: when as VariableCondition[] })
  }
}

const variableWords: ReadonlySet<string> = new Set(['set-var', 'set-var-fmt', 'unset-var'])

const supported: Readonly<Record<CheckSet, string>> = {
  'tcp-check': "'comment', 'connect', 'send', 'send-binary', 'expect', 'set-var-fmt(*)', 'set-var(*)', 'unset-var(*)'",
  'http-check':
    "'disable-on-404', 'send-state', 'comment', 'connect', 'send', 'expect', 'set-var-fmt(*)', 'set-var(*)', 'unset-var(*)'",
}

/** Lines that begin with a word in front of parentheses, and those that nobody else takes. */
const others = (set: CheckSet): ProxyKeyword => ({
  name: set,
  sections: serverSide,
  elsewhere: 'ignored',
  parse: (line, draft) => {
    const [, word = '', inner] = /^([^(]*)(?:\((.*)\))?$/s.exec(line.first) ?? []
    if (!variableWords.has(word)) {
      line.alert(`'${set}' only supports ${supported[set]}. but got '${line.first}'`)
      return
    }
    const own = line.under(`${set} ${line.first}`, line.args.slice(1))
    const make = readVariable(own, word, inner ?? '')
    if (make !== undefined) addStep(own, draft, set, { kind: 'action', make })
  },
})

/** The same words without a variable. */
const incomplete = (set: CheckSet): readonly ProxyKeyword[] =>
  [...variableWords].map((word) => ({
    name: `${set} ${word}`,
    sections: serverSide,
    elsewhere: 'ignored',
    parse: (line) =>
      line.alert(`'${line.keyword}' : invalid or incomplete action '${word}'.`, `as in '${word}(check.name)'`),
  }))

export const checkStepKeywords: readonly ProxyKeyword[] = [
  step('tcp-check', 'connect', 'connect', readConnect),
  step('http-check', 'connect', 'connect', readConnect),
  step('tcp-check', 'comment', 'comment', readComment),
  step('http-check', 'comment', 'comment', readComment),
  step('tcp-check', 'send', 'send', (line) => readSend(line, { hex: false, format: false })),
  step('tcp-check', 'send-lf', 'send', (line) => readSend(line, { hex: false, format: true })),
  step('tcp-check', 'send-binary', 'send', (line) => readSend(line, { hex: true, format: false })),
  step('tcp-check', 'send-binary-lf', 'send', (line) => readSend(line, { hex: true, format: true })),
  request,
  step('tcp-check', 'expect', 'expect', (line) => readExpect(line, 'tcp-check')),
  step('http-check', 'expect', 'expect', (line) => readExpect(line, 'http-check')),
  ...incomplete('tcp-check'),
  ...incomplete('http-check'),
  others('tcp-check'),
  others('http-check'),
]
