/** `timeout <name> <time>`, and HAProxy's old words for the same. */
import { clientSide, everywhere, type ProxyKeyword, serverSide } from '../keyword.js'
import type { TimeoutName } from '../proxy-draft.js'
import { readTime } from '../values.js'

/** HAProxy takes these in backends, too, where some of its actions use them; none of those are built. */
const ofFrontend: readonly TimeoutName[] = ['http-request', 'http-keep-alive']

const timeout = (name: TimeoutName, sections: ProxyKeyword['sections']): ProxyKeyword => ({
  name: `timeout ${name}`,
  sections,
  elsewhere: 'ignored',
  parse: (line, draft) => {
    const value = readTime(line, line.args[0], `'timeout ${name}'`)
    const [, extra] = line.args
    if (extra !== undefined) {
      line.alert(`'timeout ${name}' : unexpected extra argument '${extra}' after value '${line.first}'.`, 'remove it')
    } else if (value !== undefined) {
      if (draft.said.has(`timeout ${name}`) && draft.kind !== 'defaults')
        line.warning(`overwriting 'timeout ${name}' which was already specified`)
      draft.said.add(`timeout ${name}`)
      if (draft.kind === 'backend' && ofFrontend.includes(name)) {
        line.warning(`'timeout ${name}' has no effect in a backend: the frontend's counts.`, 'write it in the frontend')
      }
      draft.settings.timeouts[name] = value
    }
  },
})

export const timeoutKeywords: readonly ProxyKeyword[] = [
  timeout('client', clientSide),
  timeout('client-fin', clientSide),
  timeout('connect', serverSide),
  timeout('server', serverSide),
  timeout('server-fin', serverSide),
  timeout('queue', serverSide),
  timeout('check', serverSide),
  timeout('tunnel', serverSide),
  timeout('http-request', everywhere),
  timeout('http-keep-alive', everywhere),
  timeout('tarpit', everywhere),
]
