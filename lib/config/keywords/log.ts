/** Where a proxy's log lines go: `log`, `no log`, `log-tag`. */
import { everywhere, type ProxyKeyword } from '../keyword.js'
import { readLog } from '../log-line.js'
import type { ProxySettings } from '../proxy-draft.js'
import { readWord } from '../values.js'

export const logKeywords: readonly ProxyKeyword[] = [
  {
    name: 'log',
    sections: everywhere,
    negatable: true,
    parse: (line, draft) => {
      const { settings } = draft
      if (line.prefix === 'no') settings.logs = []
      else if (line.first === 'global' && line.args.length === 1) settings.logs = added(settings, 'global')
      else {
        const target = readLog(line)
        if (target !== undefined) settings.logs = added(settings, target)
      }
    },
  },
  {
    name: 'log-tag',
    sections: everywhere,
    parse: (line, { settings }) => {
      const tag = readWord(line, line.args[0], "'log-tag'")
      if (tag !== undefined && line.atMost(1)) settings.logTag = tag
    },
  },
]

function added({ logs }: ProxySettings, target: ProxySettings['logs'][number]): ProxySettings['logs'] {
  return target === 'global' && logs.includes('global') ? logs : [...logs, target]
}
