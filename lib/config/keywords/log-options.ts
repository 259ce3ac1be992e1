/** The options about logs: `option httplog` and the other formats, and which transactions have a line. */
import { clientSide, everywhere, type Line, type ProxyKeyword, serverSide } from '../keyword.js'
import type { LogSwitch, NamedFormat } from '../log-settings.js'
import { setLogFormat } from './log.js'

const switched = (name: LogSwitch, sections: ProxyKeyword['sections']): ProxyKeyword => ({
  name: `option ${name}`,
  elsewhere: 'ignored',
  sections,
  negatable: true,
  parse: (line, { settings }) => {
    const [extra] = line.args
    if (extra !== undefined) {
      line.alert(`'${line.keyword}' cannot handle unexpected argument '${extra}'.`, 'remove it')
      return
    }
    const switches = new Set(settings.log.switches)
    if (line.prefix === undefined) switches.add(name)
    else switches.delete(name)
    settings.log = { ...settings.log, switches }
  },
})

/** @param variants the words that may stand behind it */
const named = (
  name: string,
  plain: NamedFormat,
  variants: Readonly<Record<string, NamedFormat>>,
  sections: ProxyKeyword['sections'],
): ProxyKeyword => ({
  name: `option ${name}`,
  elsewhere: 'ignored',
  sections,
  parse: (line, draft) => {
    const format = line.args.length === 0 ? plain : variantOf(line, variants)
    if (format === undefined) return
    if (draft.kind === 'backend')
      line.warning(`'${line.keyword}' directive is ignored in backends.`, 'write it in the frontend')
    else setLogFormat(line, draft, format)
  },
})

function variantOf(line: Line, variants: Readonly<Record<string, NamedFormat>>): NamedFormat | undefined {
  const [word = ''] = line.args
  const found = line.args.length === 1 && Object.hasOwn(variants, word) ? variants[word] : undefined
  if (found === undefined) {
    const known = Object.keys(variants).map((one) => `'${one}'`)
    const supported = known.length === 0 ? 'takes no argument' : `only supports ${known.join(' and ')}`
    line.alert(`'${line.keyword}' ${supported}, but got '${line.args.join(' ')}'.`)
  }
  return found
}

export const logOptionKeywords: readonly ProxyKeyword[] = [
  named('httplog', 'http', { clf: 'clf', json: 'json' }, clientSide),
  named('httpslog', 'https', {}, clientSide),
  named('tcplog', 'tcp', { clf: 'tcp clf' }, everywhere),
  switched('logasap', clientSide),
  switched('dontlog-normal', clientSide),
  switched('log-separate-errors', clientSide),
  switched('log-health-checks', serverSide),
]
