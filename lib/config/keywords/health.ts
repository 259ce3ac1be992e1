/** How servers are checked: `option httpchk`, `option tcp-check`, `option external-check`, and what `http-check` says beside its steps. */

import type { CheckRequestDraft, CheckSettings } from '../check-draft.js'
import { type Line, type ProxyKeyword, serverSide } from '../keyword.js'
import type { ProxyDraft } from '../proxy-draft.js'
import { plain, readVersion } from './check-request.js'

/** Changes what is said of checks. */
function say({ settings }: ProxyDraft, change: Partial<CheckSettings>): void {
  settings.check = { ...settings.check, ...change }
}

function httpchk(line: Line, draft: ProxyDraft): void {
  const request = readHttpchk(line)
  if (request === undefined) return
  const steps = ownSteps(draft)
  draft.said.add('option httpchk').add('http-check')
  const first = steps['http-check'].findIndex(({ kind }) => kind === 'request')
  // What it says goes over what the first request has said before it.
  const changed = steps['http-check'].map((step, index) =>
    index === first ? { ...step, request: { ...step.request, ...request } } : step,
  )
  say(draft, { kind: 'http-check', request, steps: { ...steps, 'http-check': changed } })
}

/** What a defaults section says of steps is forgotten by a section with an `option httpchk` of its own. */
function ownSteps({ settings, said }: ProxyDraft): CheckSettings['steps'] {
  return said.has('http-check') ? settings.check.steps : { ...settings.check.steps, 'http-check': [] }
}

/** `[<method>] <uri> [<version> [<host>]]`. */
function readHttpchk(line: Line): CheckRequestDraft | undefined {
  const [first, second, version, host] = line.args
  if (!line.atMost(4)) return undefined
  if (first === undefined) return {}
  if (second === undefined) return { uri: plain(first) }
  const request = { method: first, uri: plain(second), ...(version === undefined ? {} : hidden(line, version)) }
  return host === undefined ? request : { ...request, host: { text: host, format: true } }
}

/** Headers behind the version are an old trick, which HAProxy still honours. */
function hidden(line: Line, text: string): CheckRequestDraft {
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
  const headers = fields.map((field) => {
    const colon = field.indexOf(':')
    const [name, value] = colon < 0 ? [field, ''] : [field.slice(0, colon), field.slice(colon + 1).trim()]
    return [name, plain(value)] as const
  })
  return { ...readVersion(line, version), headers, ...(body === '' ? {} : { body: plain(body) }) }
}

/** An option without arguments that says which check it is. */
const kind = (name: string, kind: 'tcp-check' | 'external-check'): ProxyKeyword =>
  option(name, (line, draft) => {
    if (line.atMost(0)) say(draft, { kind })
  })

const option = (name: string, parse: ProxyKeyword['parse']): ProxyKeyword => ({
  name: `option ${name}`,
  sections: serverSide,
  elsewhere: 'ignored',
  negatable: false,
  parse,
})

const flag = (name: string, change: Partial<CheckSettings>): ProxyKeyword => ({
  name: `http-check ${name}`,
  sections: serverSide,
  elsewhere: 'ignored',
  parse: (line, draft) => {
    if (line.atMost(0)) say(draft, change)
  },
})

const external = (word: 'command' | 'path'): ProxyKeyword => ({
  name: `external-check ${word}`,
  sections: serverSide,
  elsewhere: 'ignored',
  parse: (line, draft) => {
    if (line.first === '') line.alert(`missing argument after '${word}'.`)
    else if (line.atMost(1)) say(draft, { [word]: line.first })
  },
})

const externalWords: ProxyKeyword = {
  name: 'external-check',
  sections: serverSide,
  elsewhere: 'ignored',
  parse: (line) => line.alert(`'external-check' only supports 'command' and 'path'. but got '${line.first}'.`),
}

export const healthKeywords: readonly ProxyKeyword[] = [
  option('httpchk', httpchk),
  kind('tcp-check', 'tcp-check'),
  kind('external-check', 'external-check'),
  flag('disable-on-404', { disableOn404: true }),
  flag('send-state', { sendState: true }),
  external('command'),
  external('path'),
  externalWords,
]
