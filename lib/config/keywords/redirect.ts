/** The action `redirect`, and the keyword of that name. */
import { redirect } from '../../index.js'
import type { RedirectCode, RedirectOptions } from '../../rules/actions/redirect.js'
import type { ActionKeyword, ActionLine, RuleMaker } from '../action.js'

const codes = [301, 302, 303, 307, 308]
const kinds = ['location', 'prefix', 'scheme'] as const
const valued: readonly string[] = ['code', ...kinds, 'set-cookie', 'set-cookie-fmt', 'clear-cookie']
const flags: Readonly<Record<string, 'dropQuery' | 'appendSlash' | 'ignoreEmpty' | 'keepQuery'>> = {
  'drop-query': 'dropQuery',
  'append-slash': 'appendSlash',
  'ignore-empty': 'ignoreEmpty',
  'keep-query': 'keepQuery',
}

interface RedirectWords {
  kind?: (typeof kinds)[number]
  to?: string
  code?: RedirectCode
  /** The last one counts. */
  cookie?: { readonly word: string; readonly text: string }
  readonly flags: Set<string>
}

function readWord(words: ActionLine, option: string, into: RedirectWords): boolean {
  if (flags[option] !== undefined) {
    into.flags.add(option)
    return true
  }
  if (!valued.includes(option)) {
    const all = [...valued, ...Object.keys(flags)].map((word) => `'${word}'`).join(', ')
    words.alert(`expects ${all} (was '${option}').`)
    return false
  }
  const value = words.words.shift()
  if (value === undefined || value === '') {
    words.alert(`missing argument for '${option}'.`)
    return false
  }
  if (option === 'code') return readCode(words, value, into)
  if (option.includes('cookie')) into.cookie = { word: option, text: value }
  else {
    into.kind = option as 'location'
    into.to = value
  }
  return true
}

function readCode(words: ActionLine, value: string, into: RedirectWords): boolean {
  if (!codes.includes(Number(value))) {
    words.alert(`'code': unsupported HTTP code '${value}' (must be one of 301, 302, 303, 307 or 308).`)
    return false
  }
  into.code = Number(value) as RedirectCode
  return true
}

/** HAProxy passes over the flags that another kind of redirect has. */
function takeFlags(words: ActionLine, { kind, flags: given }: RedirectWords): Partial<Record<string, boolean>> {
  const taken: Record<string, boolean> = {}
  for (const flag of given) {
    const fits = (flag === 'drop-query' || flag === 'append-slash') === (kind !== 'location')
    if (fits) taken[flags[flag] as string] = true
    else words.line.warning(`'${words.line.keyword}' : '${flag}' means nothing with '${kind}'.`, 'remove it')
  }
  return taken
}

/** @param dynamic its texts are formats, as they are in rules */
function readRedirect(words: ActionLine, dynamic: boolean): RuleMaker | undefined {
  const read: RedirectWords = { flags: new Set() }
  for (let option = words.next(); option !== undefined; option = words.next()) {
    if (!readWord(words, option, read)) return undefined
  }
  const { kind, to, code, cookie } = read
  if (kind === undefined || to === undefined) {
    words.alert("redirection type expected ('prefix', 'location', or 'scheme').")
    return undefined
  }
  if (words.set === 'http-response' && kind !== 'location') {
    words.alert("response only supports redirect type 'location'.")
    return undefined
  }
  const options = { ...takeFlags(words, read), ...(code === undefined ? {} : { code }) }
  const { place } = words.line
  return (linker, checkpoint) => {
    const target = dynamic ? linker.format(to, place, checkpoint) : to
    if (target === undefined) return undefined
    if (cookie?.word === 'clear-cookie') return redirect({ ...options, [kind]: target, clearCookie: cookie.text })
    if (cookie === undefined) return redirect({ ...options, [kind]: target } as RedirectOptions<never>)
    const text = cookie.word === 'set-cookie' ? cookie.text : linker.format(cookie.text, place, checkpoint)
    return text === undefined ? undefined : redirect({ ...options, [kind]: target, setCookie: text })
  }
}

/** In rules. */
export const redirectAction: ActionKeyword = {
  name: 'redirect',
  sets: ['http-request', 'http-response'],
  read: (words) => readRedirect(words, true),
}

/** The line of its own, whose texts are taken as they stand. */
export const plainRedirect: ActionKeyword = { ...redirectAction, read: (words) => readRedirect(words, false) }
