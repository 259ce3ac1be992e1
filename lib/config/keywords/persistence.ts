/** What sends a client's requests to the same server again: `cookie`, `dynamic-cookie-key`, `persist`, and when it does not matter or matters more than all else. */
import type { CookieMode } from '../../index.js'
import { conditionKeyword } from '../condition-line.js'
import { type Line, type ProxyKeyword, serverSide } from '../keyword.js'
import type { CookieDraft } from '../persistence-draft.js'

type Draft = { -readonly [K in keyof CookieDraft]: CookieDraft[K] }

/** What takes no value. */
const flags: ReadonlyMap<string, keyof CookieDraft> = new Map([
  ['indirect', 'indirect'],
  ['nocache', 'nocache'],
  ['postonly', 'postOnly'],
  ['preserve', 'preserve'],
  ['httponly', 'httpOnly'],
  ['secure', 'secure'],
  ['dynamic', 'dynamic'],
])
const modes: readonly string[] = ['rewrite', 'insert', 'prefix']
const values: ReadonlyMap<string, string> = new Map([
  ['domain', '<domain>'],
  ['maxidle', '<idletime> in seconds'],
  ['maxlife', '<lifetime> in seconds'],
  ['attr', '<value>'],
])

const cookie: ProxyKeyword = {
  name: 'cookie',
  sections: serverSide,
  elsewhere: 'ignored',
  parse: (line, { settings }) => {
    const [name = '', ...words] = line.args
    if (name === '') {
      line.alert("'cookie' expects <cookie_name> as argument.")
      return
    }
    // HAProxy forgets domains when a line says the cookie anew, and keeps attributes.
    const attributes = settings.persistence.cookie?.attributes ?? []
    const draft: Draft = { ...line.place, name, domains: [], attributes: [...attributes] }
    const said = new Set<string>()
    const rest = [...words]
    for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
      if (!readWord(line, word, rest, draft)) return
      if (modes.includes(word)) said.add(word)
    }
    if (fits(line, draft, said.size)) settings.persistence = { ...settings.persistence, cookie: draft }
  },
}

/** Reads one word, and its value. @returns `false` when the line makes no sense any more */
function readWord(line: Line, word: string, rest: string[], draft: Draft): boolean {
  const flag = flags.get(word)
  if (flag !== undefined) Object.assign(draft, { [flag]: true })
  else if (modes.includes(word)) draft.mode = word as CookieMode
  else {
    const expected = values.get(word)
    if (expected === undefined) {
      const known = [...modes, ...flags.keys(), ...values.keys()].map((one) => `'${one}'`)
      line.alert(`'cookie' supports ${known.slice(0, -1).join(', ')} and ${known.at(-1)} options (got '${word}').`)
      return false
    }
    const value = rest.shift()
    if (value === undefined || value === '') {
      line.alert(`'${word}' expects ${expected} as argument.`)
      return false
    }
    return readValue(line, word, value, draft)
  }
  return true
}

function readValue(line: Line, word: string, value: string, draft: Draft): boolean {
  if (word === 'domain') {
    if (!value.slice(1).includes('.'))
      line.warning(
        `domain '${value}' contains no embedded dot, this configuration may not work properly (see RFC6265#5.2.3).`,
        'write the whole domain',
      )
    const odd = /[^A-Za-z0-9._-]/.exec(value)?.[0]
    if (odd !== undefined) line.alert(`character '${odd}' is not permitted in domain name '${value}'.`)
    draft.domains = [...draft.domains, value]
    return odd === undefined
  }
  if (word === 'attr') {
    const odd = /[\x00-\x1f\x7f;]/.exec(value)?.[0]
    if (odd !== undefined) {
      const code = odd.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')
      line.alert(`character '%x${code}' is not permitted in attribute value.`)
    }
    draft.attributes = [...draft.attributes, value]
    return odd === undefined
  }
  const time = readSeconds(line, word, value)
  if (time !== undefined) draft[word === 'maxidle' ? 'maxIdle' : 'maxLife'] = time * 1000
  return time !== undefined
}

const units: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600, d: 86_400 }
const LONGEST = 2 ** 31 - 1

/** Whole seconds; less than one counts as one. */
function readSeconds(line: Line, word: string, text: string): number | undefined {
  const [, digits = '', unit = ''] = /^(\d*)([a-z]*)/.exec(text) ?? []
  const scale = units[unit === '' ? 's' : unit]
  if (digits === '' || scale === undefined || digits.length + unit.length !== text.length) {
    const odd = text[digits.length] ?? ''
    line.alert(`unexpected character '${odd}' in argument to <${word}>.`, "write seconds, or a unit, as in '30m'")
    return undefined
  }
  const seconds = Math.ceil(Number(digits) * scale)
  if (seconds <= LONGEST) return seconds
  line.alert(`timer overflow in argument <${text}> to <${word}>, maximum value is ${LONGEST} s (~68 years).`)
  return undefined
}

/** What cannot be together. */
function fits(line: Line, { mode, indirect, preserve }: CookieDraft, modesSaid: number): boolean {
  let good = true
  if (mode === 'rewrite' && indirect === true) {
    line.alert("cookie 'rewrite' and 'indirect' modes are incompatible.", "remove 'indirect'")
    good = false
  }
  if (modesSaid > 1) {
    line.alert("cookie 'rewrite', 'insert' and 'prefix' modes are incompatible.", 'choose one of them')
    good = false
  }
  if (preserve === true && mode !== 'insert' && indirect !== true) {
    line.alert("cookie 'preserve' requires at least 'insert' or 'indirect'.")
    good = false
  }
  return good
}

const dynamicKey: ProxyKeyword = {
  name: 'dynamic-cookie-key',
  sections: serverSide,
  elsewhere: 'ignored',
  parse: (line, { settings }) => {
    const [key = ''] = line.args
    if (key === '') line.alert("'dynamic-cookie-key' expects <secret_key> as argument.")
    else settings.persistence = { ...settings.persistence, dynamicKey: key }
  },
}

const rdpCookie: ProxyKeyword['parse'] = (line, { settings }) => {
  const [word = ''] = line.keyword === 'persist' ? line.args : ['rdp-cookie']
  const [, method, parentheses, name] = /^([^(]*)(\((.*))?$/s.exec(word) ?? []
  if (word === '') line.alert('missing persist method.', "write 'persist rdp-cookie'")
  else if (method !== 'rdp-cookie') line.alert(`unknown persist method '${word}'.`, "write 'persist rdp-cookie'")
  else if (parentheses === undefined) settings.persistence = { ...settings.persistence, rdpCookie: 'msts' }
  else if (name === undefined || !/^[^)]+\)$/.test(name))
    line.alert("'persist rdp-cookie(name)' requires an rdp cookie name.", "as in 'persist rdp-cookie(msts)'")
  else settings.persistence = { ...settings.persistence, rdpCookie: name.slice(0, -1) }
}

const optionPersist: ProxyKeyword = {
  name: 'option persist',
  sections: serverSide,
  elsewhere: 'ignored',
  negatable: true,
  parse: (line, { settings }) => {
    if (!line.atMost(0)) return
    settings.persistence = { ...settings.persistence, persist: line.prefix === undefined }
  },
}

const forcePersist = conditionKeyword('force-persist', ['listen', 'backend'], "'force-persist' rule", 'forcePersist')

const ignorePersist = conditionKeyword(
  'ignore-persist',
  ['listen', 'backend'],
  "'ignore-persist' rule",
  'ignorePersist',
)

export const persistenceKeywords: readonly ProxyKeyword[] = [
  cookie,
  dynamicKey,
  { name: 'persist rdp-cookie', sections: serverSide, elsewhere: 'ignored', parse: rdpCookie },
  { name: 'persist', sections: serverSide, elsewhere: 'ignored', parse: rdpCookie },
  optionPersist,
  forcePersist,
  ignorePersist,
]
