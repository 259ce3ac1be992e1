/** `stick on`, `stick match`, `stick store-request`, `stick store-response`: tables that remember servers. */
import type { StickKind } from '../../index.js'
import { readCondition } from '../expression.js'
import type { Line, ProxyKeyword } from '../keyword.js'
import type { ProxyDraft } from '../proxy-draft.js'

/** By their words. HAProxy knows `store` as well. */
const kinds: readonly (readonly [word: string, kind: StickKind])[] = [
  ['on', 'on'],
  ['match', 'match'],
  ['store-request', 'store-request'],
  ['store', 'store-request'],
  ['store-response', 'store-response'],
]

function read(line: Line, draft: ProxyDraft, kind: StickKind): void {
  const [key = '', ...rest] = line.args
  if (key === '') {
    line.alert(
      "'stick' expects a fetch method.",
      `as in 'stick ${kind} ${kind === 'store-response' ? 'res.hdr(x)' : 'src'}'`,
    )
    return
  }
  let table: string | undefined
  if (rest[0] === 'table') {
    rest.shift()
    table = rest.shift()
    if (table === undefined) {
      line.alert("'stick': 'table' expects the name of a table.", "as in 'table clients'")
      return
    }
  }
  const [word] = rest
  if (word !== undefined && word !== 'if' && word !== 'unless') {
    line.alert(`'stick': unknown keyword '${word}'.`, "write 'table <name>', 'if' or 'unless'")
    return
  }
  const condition = readCondition(rest, line, draft.acls, 'sticking condition')
  if (condition !== false) draft.sticks.push({ ...line.place, kind, key, table, condition })
}

export const stickKeywords: readonly ProxyKeyword[] = [
  ...kinds.map(
    ([word, kind]): ProxyKeyword => ({
      name: `stick ${word}`,
      sections: ['listen', 'backend'],
      elsewhere: 'ignored',
      parse: (line, draft) => read(line, draft, kind),
    }),
  ),
  {
    name: 'stick',
    sections: ['listen', 'backend'],
    elsewhere: 'ignored',
    parse: (line) => line.alert("'stick' expects 'on', 'match', or 'store'.", "as in 'stick on src'"),
  },
]
