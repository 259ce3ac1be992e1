/** `stick on`, `stick match`, `stick store-request`, `stick store-response`: tables that remember servers. */
import type { StickKind } from '../../index.js'
import { readCondition } from '../expression.js'
import type { Line, ProxyKeyword } from '../keyword.js'
import type { ProxyDraft } from '../proxy-draft.js'

const kinds: readonly StickKind[] = ['on', 'match', 'store-request', 'store-response']

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
    table = rest.shift() ?? ''
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
    (kind): ProxyKeyword => ({
      name: `stick ${kind}`,
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
