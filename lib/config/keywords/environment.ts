/** The keywords of `global` that change the environment for the lines that follow. Nothing changes in the process itself. */
import type { Line, ProcessKeyword } from '../keyword.js'

function assignment(line: Line): readonly [string, string] | undefined {
  const [name, value] = line.args
  if (name === undefined || value === undefined) {
    line.alert(`'${line.keyword}' expects a name and a value.`)
    return undefined
  }
  return line.atMost(2) ? [name, value] : undefined
}

export const environmentKeywords: readonly ProcessKeyword[] = [
  {
    name: 'setenv',
    parse: (line) => {
      const pair = assignment(line)
      if (pair !== undefined) line.loading.environment.set(...pair)
    },
  },
  {
    name: 'presetenv',
    parse: (line) => {
      const pair = assignment(line)
      if (pair !== undefined && line.loading.environment.get(pair[0]) === undefined)
        line.loading.environment.set(...pair)
    },
  },
  {
    name: 'unsetenv',
    parse: (line) => {
      if (line.args.length === 0) line.alert("'unsetenv' expects at least a name.")
      for (const name of line.args) line.loading.environment.unset(name)
    },
  },
  { name: 'resetenv', parse: (line) => line.loading.environment.keep(line.args) },
]
