/** The keywords of `global` that ask for something that is not here and changes what happens: the load fails, and says what to do. */
import type { ProcessKeyword } from '../keyword.js'

const refused = (reason: string, names: string, instead: string): readonly ProcessKeyword[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => ({ name, parse: (line) => line.alert(`'${name}' cannot be done: ${reason}.`, instead) }))

export const refusedKeywords: readonly ProcessKeyword[] = [
  ...refused(
    'there is no Lua here',
    'lua-load lua-load-per-thread',
    "load the file from code with loadConfig() of 'fairlead/config', and write what the script does as a rule() (docs/rules.md)",
  ),
  ...refused(
    'databases that tell devices are not supported',
    `51degrees-allow-unmatched 51degrees-cache-size 51degrees-data-file 51degrees-difference 51degrees-drift 51degrees-property-name-list
     51degrees-property-separator 51degrees-use-performance-graph 51degrees-use-predictive-graph deviceatlas-json-file deviceatlas-log-level
     deviceatlas-properties-cookie deviceatlas-separator wurfl-cache-size wurfl-data-file wurfl-information-list
     wurfl-information-list-separator`,
    'ask the database in a rule() in code, and keep what it says in a variable',
  ),
]
