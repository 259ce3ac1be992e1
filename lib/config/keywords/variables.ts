/** The keywords of `global` about variables: presets of the process, and the room that variables have. */

import type { VariableLimits } from '../../match/variable-size.js'
import type { Line, ProcessKeyword } from '../keyword.js'
import { readSize } from '../values.js'

const preset = (name: 'set-var' | 'set-var-fmt'): ProcessKeyword => ({
  name,
  parse: (line, draft) => {
    const [target = '', text] = line.args
    const what = name === 'set-var' ? 'a sample expression' : 'a format string'
    if (text === undefined)
      line.alert(
        `'${name}' requires a process-wide variable name ('proc.<name>') and ${what}.`,
        `as in '${name} proc.site str(north)'`,
      )
    else if (!target.startsWith('proc.'))
      line.alert(
        `'${name}': cannot set variable '${target}', only scope 'proc' is permitted in the global section.`,
        `write 'proc.${target.replace(/^[a-z]+\./, '')}'`,
      )
    else if (line.atMost(2)) draft.presets.push({ ...line.place, word: name, target, text })
  },
})

const limit = (scope: keyof VariableLimits | 'global'): ProcessKeyword => ({
  name: `tune.vars.${scope}-max-size`,
  parse: (line: Line, draft) => {
    const value = readSize(line, line.args[0], `'${line.keyword}'`)
    if (value === undefined || !line.atMost(1)) return
    // All variables belong to the process: both limits are about the same.
    const key = scope === 'global' ? 'proc' : scope
    const before = draft.variableLimits[key]
    draft.variableLimits = {
      ...draft.variableLimits,
      [key]: before === undefined || before === 0 ? value : Math.min(before, value || before),
    }
  },
})

export const variableKeywords: readonly ProcessKeyword[] = [
  preset('set-var'),
  preset('set-var-fmt'),
  limit('global'),
  limit('proc'),
  limit('sess'),
  limit('txn'),
  limit('reqres'),
]
