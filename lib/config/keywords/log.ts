/** Where a proxy's log lines go, and what is in them: `log`, `log-tag`, `log-format`, `log-format-sd`, `error-log-format`, `log-steps`. */
import { type LogStep, logSteps } from '../../observe/logger.js'
import { didYouMean } from '../advice.js'
import { clientSide, everywhere, type Line, type ProxyKeyword } from '../keyword.js'
import { readLog } from '../log-line.js'
import type { FormatText, LogSettings } from '../log-settings.js'
import type { ProxyDraft, ProxySettings } from '../proxy-draft.js'
import { readWord } from '../values.js'

const log: ProxyKeyword = {
  name: 'log',
  sections: everywhere,
  negatable: true,
  parse: (line, { settings }) => {
    if (line.prefix === 'no') {
      if (line.args.length > 0) line.alert("log : 'no log' does not expect arguments")
      else settings.logs = []
    } else if (line.first === 'global' && line.args.length === 1) settings.logs = added(settings, 'global')
    else {
      const target = readLog(line)
      if (target !== undefined) settings.logs = added(settings, target)
    }
  },
}

function added({ logs }: ProxySettings, target: ProxySettings['logs'][number]): ProxySettings['logs'] {
  return target === 'global' && logs.includes('global') ? logs : [...logs, target]
}

/** Says so when a format takes the place of one that this section has set. */
export function setLogFormat(line: Line, draft: ProxyDraft, format: LogSettings['format']): void {
  if (draft.said.has('log format') && draft.settings.log.format !== format)
    line.warning(`'${line.keyword}' overrides the log format that was set before in this section.`, 'keep one of them')
  draft.said.add('log format')
  draft.settings.log = { ...draft.settings.log, format }
}

/** The one word of a format, which is read where the proxy is made: its mode may not be known yet. */
function readFormat(line: Line): FormatText | undefined {
  const [text, extra] = line.args
  if (text === undefined) line.alert(`'${line.keyword}' expects an argument.`, `as in '${line.keyword} "%ci:%cp %ST"'`)
  else if (extra !== undefined)
    line.alert(`'${line.keyword}' expects only one argument.`, 'put the whole format between quotes')
  else return { text, keyword: line.keyword, ...line.place }
  return undefined
}

const format = (name: string, set: (line: Line, draft: ProxyDraft, format: FormatText) => void): ProxyKeyword => ({
  name,
  sections: clientSide,
  elsewhere: 'ignored',
  parse: (line, draft) => {
    const read = readFormat(line)
    if (read !== undefined) set(line, draft, read)
  },
})

const steps: ProxyKeyword = {
  name: 'log-steps',
  sections: clientSide,
  elsewhere: 'ignored',
  parse: (line, { settings }) => {
    const text = readWord(line, line.args[0], "'log-steps'")
    if (text === undefined || !line.atMost(1)) return
    const words = text === 'all' ? logSteps : text.split(',')
    const unknown = words.find((word) => !logSteps.includes(word as LogStep))
    if (unknown !== undefined)
      line.alert(
        `'log-steps' : '${unknown}' is no step.`,
        didYouMean(unknown, logSteps) ?? `write 'all', or some of ${logSteps.join(', ')} with commas between them`,
      )
    else settings.log = { ...settings.log, steps: words as readonly LogStep[] }
  },
}

export const logKeywords: readonly ProxyKeyword[] = [
  log,
  {
    name: 'log-tag',
    sections: everywhere,
    parse: (line, { settings }) => {
      const tag = readWord(line, line.args[0], "'log-tag'")
      if (tag !== undefined && line.atMost(1)) settings.logTag = tag
    },
  },
  format('log-format', setLogFormat),
  format('log-format-sd', (_line, { settings }, structuredData) => {
    settings.log = { ...settings.log, structuredData }
  }),
  format('error-log-format', (_line, { settings }, errorFormat) => {
    settings.log = { ...settings.log, errorFormat }
  }),
  steps,
]
