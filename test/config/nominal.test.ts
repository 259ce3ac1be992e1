import t from 'tap'
import { ConfigError, type Diagnostic, parseConfig } from '../../lib/config/index.js'
import { idleKeywords } from '../../lib/config/keywords/idle.js'
import { processKeywords } from '../../lib/config/keywords/index.js'
import { refusedKeywords } from '../../lib/config/keywords/refused.js'
import { globalWords } from '../../lib/config/vocabulary.js'

/** What is said of one line of `global`. */
function said(line: string): readonly Diagnostic[] {
  try {
    return parseConfig(`global\n  ${line}\n`).diagnostics
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.diagnostics
  }
}

t.test('no word of global that HAProxy knows is unknown, and none that does nothing is silent', async (t) => {
  const idle = new Set(idleKeywords.map(({ name }) => name))
  const refused = new Set(refusedKeywords.map(({ name }) => name))
  for (const word of globalWords) {
    const [first] = said(word)
    if (idle.has(word)) t.match(first, { severity: 'warning', message: /has no effect here: / }, word)
    else if (refused.has(word)) t.match(first, { severity: 'alert', message: /cannot be done: / }, word)
    else if (![...processKeywords.keys()].some((known) => known === word || known.startsWith(`${word} `)))
      t.match(first, { severity: 'alert', message: /is not supported (?:yet|anymore)/ }, word)
    for (const one of said(word)) t.notMatch(one.message, /unknown keyword/, word)
  }
  for (const word of [...idle, ...refused]) t.ok(globalWords.includes(word), `${word} is a word of HAProxy's`)
})
