/** Actions that answer or refuse, and those that end a rule set: `deny`, `return`, `redirect`, `tarpit`, `allow`, `accept`, `reject`. */
import { accept, allow, close, deny, Format, redirect, reject, respond, tarpit } from '../../index.js'
import type { RedirectCode } from '../../rules/actions/redirect.js'
import { pageStatuses } from '../../rules/default-replies.js'
import type { ActionKeyword, ActionLine, RuleMaker } from '../action.js'
import type { RuleSetName } from '../proxy-draft.js'

/** A status that has an error page of its own. */
function readPageStatus(words: ActionLine, option: string): number | undefined {
  const word = words.value(option)
  if (word === undefined) return undefined
  const code = Number(word)
  if (/^\d{3}$/.test(word) && pageStatuses.includes(code)) return code
  words.alert(`Unexpected status code '${word}'.`, `known are ${pageStatuses.join(', ')}`)
  return undefined
}

const bodies = [
  'errorfile',
  'errorfiles',
  'default-errorfiles',
  'content-type',
  'file',
  'lf-file',
  'string',
  'lf-string',
  'hdr',
]

/** `deny` and `tarpit`: nothing but a status; an answer of their own is what `return` gives. */
function readRefusal(words: ActionLine, make: (status?: number) => ReturnType<RuleMaker>): RuleMaker | undefined {
  let status: number | undefined
  for (let option = words.next(); option !== undefined; option = words.next()) {
    if (option === 'deny_status' || option === 'status') {
      status = readPageStatus(words, option)
      if (status === undefined) return undefined
    } else if (bodies.includes(option)) {
      words.alert(`'${option}' is not supported yet here`, "use 'return' for an answer of your own")
      return undefined
    } else {
      words.words.unshift(option)
      break
    }
  }
  return () => make(status)
}

const codes = [301, 302, 303, 307, 308]

interface RedirectWords {
  kind?: 'location' | 'prefix' | 'scheme'
  to?: string
  code?: RedirectCode
  dropQuery?: boolean
  appendSlash?: boolean
  ignoreEmpty?: boolean
  setCookie?: string
  clearCookie?: string
}

function readRedirectWord(words: ActionLine, option: string, into: RedirectWords): boolean {
  if (option === 'drop-query') into.dropQuery = true
  else if (option === 'append-slash') into.appendSlash = true
  else if (option === 'ignore-empty') into.ignoreEmpty = true
  else if (option === 'keep-query' || option === 'set-cookie-fmt') {
    words.alert(`'${option}' is not supported yet`)
    return false
  } else return readRedirectValue(words, option, into)
  return true
}

function readRedirectValue(words: ActionLine, option: string, into: RedirectWords): boolean {
  const known = ['location', 'prefix', 'scheme', 'code', 'set-cookie', 'clear-cookie']
  if (!known.includes(option)) {
    const all = [...known, 'drop-query', 'ignore-empty', 'append-slash'].map((word) => `'${word}'`).join(', ')
    words.alert(`expects ${all} (was '${option}').`)
    return false
  }
  const value = words.next()
  if (value === undefined) {
    words.alert(`missing argument for '${option}'.`)
    return false
  }
  if (option === 'code') {
    if (!codes.includes(Number(value))) {
      words.alert(`'code': unsupported HTTP code '${value}' (must be one of 301, 302, 303, 307 or 308).`)
      return false
    }
    into.code = Number(value) as RedirectCode
  } else if (option === 'set-cookie') into.setCookie = value
  else if (option === 'clear-cookie') into.clearCookie = value
  else {
    into.kind = option as 'location'
    into.to = value
  }
  return true
}

function readRedirect(words: ActionLine): RuleMaker | undefined {
  const read: RedirectWords = {}
  for (let option = words.next(); option !== undefined; option = words.next()) {
    if (!readRedirectWord(words, option, read)) return undefined
  }
  const { kind, to, dropQuery, appendSlash, ignoreEmpty, ...rest } = read
  if (kind === undefined || to === undefined) {
    words.alert("redirection type expected ('prefix', 'location', or 'scheme').")
    return undefined
  }
  // HAProxy passes over the options that another kind of redirect has.
  const options = kind === 'location' ? { ...rest, ignoreEmpty } : { ...rest, dropQuery, appendSlash }
  const stray =
    kind === 'location' ? { 'drop-query': dropQuery, 'append-slash': appendSlash } : { 'ignore-empty': ignoreEmpty }
  for (const [option, given] of Object.entries(stray)) {
    if (given === true)
      words.line.warning(`'${words.line.keyword}' : '${option}' means nothing with '${kind}'.`, 'remove it')
  }
  return (linker, checkpoint) => {
    const text = linker.format(to, words.line.place, checkpoint)
    return text === undefined ? undefined : redirect({ ...options, [kind]: text })
  }
}

interface ReturnWords {
  status: number
  contentType?: string
  text?: string
  format?: string
  errorPage?: boolean
  headers: (readonly [string, string])[]
}

function readReturnWord(words: ActionLine, option: string, into: ReturnWords): boolean {
  if (option === 'default-errorfiles') {
    into.errorPage = true
    return true
  }
  if (option === 'errorfile' || option === 'errorfiles') {
    words.alert(`'${option}' is not supported yet here`, "use 'file' or 'string'")
    return false
  }
  const value = words.value(option)
  if (value === undefined) return false
  if (option === 'status') {
    into.status = Number(value)
    if (/^\d{3}$/.test(value) && into.status >= 200 && into.status <= 599) return true
    words.alert(`Unexpected status code '${value}'.`, 'write a number from 200 to 599')
    return false
  }
  if (option === 'content-type') into.contentType = value
  else if (option === 'string') into.text = value
  else if (option === 'lf-string') into.format = value
  else if (option === 'file') into.text = words.line.loading.readFile(value, words.line.place)
  else if (option === 'lf-file') into.format = words.line.loading.readFile(value, words.line.place)
  else into.headers.push([value, words.value(option) ?? ''])
  return true
}

const returnWords = ['status', ...bodies]

function readReturn(words: ActionLine): RuleMaker | undefined {
  const read: ReturnWords = { status: 200, headers: [] }
  while (returnWords.includes(words.words[0] ?? '')) {
    if (!readReturnWord(words, words.words.shift() ?? '', read)) return undefined
  }
  const { status, contentType, text, format, errorPage, headers } = read
  const { place } = words.line
  if ((text !== undefined || format !== undefined) && contentType === undefined) {
    words.alert('a content type must be defined when non-empty payload is configured.', "add 'content-type text/plain'")
    return undefined
  }
  return (linker, checkpoint) => {
    const formatted = headers.map(([name, value]) => [name, linker.format(value, place, checkpoint)] as const)
    const body = format === undefined ? text : linker.format(format, place, checkpoint)
    if ((format !== undefined && body === undefined) || formatted.some(([, value]) => value === undefined))
      return undefined
    const plain = formatted.filter((pair): pair is readonly [string, string] => typeof pair[1] === 'string')
    if (plain.length < formatted.length) {
      words.alert("samples in 'hdr' are not supported yet", "use 'http-after-response set-header'")
      return undefined
    }
    // Texts of a file are bytes, one character each: they go out as they are.
    const bytes = typeof body === 'string' ? Buffer.from(body, 'latin1') : body instanceof Format ? body : undefined
    return respond(status, {
      headers: plain,
      ...(bytes === undefined ? {} : { body: bytes }),
      ...(contentType === undefined ? {} : { contentType }),
      ...(errorPage === true ? { errorPage } : {}),
    })
  }
}

/** `redirect`, for the keyword of that name as well. */
export const redirectAction: ActionKeyword = {
  name: 'redirect',
  sets: ['http-request', 'http-response'],
  read: readRedirect,
}

const plain = (name: string, sets: readonly RuleSetName[], make: RuleMaker): ActionKeyword => ({
  name,
  sets,
  read: () => make,
})

const tcpSets: readonly RuleSetName[] = [
  'tcp-request connection',
  'tcp-request session',
  'tcp-request content',
  'tcp-response content',
]

export const answeringActions: readonly ActionKeyword[] = [
  redirectAction,
  plain('allow', ['http-request', 'http-response', 'http-after-response'], () => allow()),
  plain('accept', tcpSets, () => accept()),
  plain('reject', [...tcpSets, 'http-request'], () => reject()),
  plain('close', ['tcp-response content'], () => close()),
  { name: 'deny', sets: ['http-request', 'http-response'], read: (words) => readRefusal(words, deny) },
  { name: 'tarpit', sets: ['http-request'], read: (words) => readRefusal(words, tarpit) },
  { name: 'return', sets: ['http-request', 'http-response'], read: readReturn },
]
