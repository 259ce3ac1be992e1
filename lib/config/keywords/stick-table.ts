/** `stick-table`: what is remembered of clients. */
import { notInDefaults, type ProxyKeyword } from '../keyword.js'
import { readTable } from '../table-line.js'

export const tableKeywords: readonly ProxyKeyword[] = [
  {
    name: 'stick-table',
    sections: notInDefaults,
    parse: (line, draft) => {
      if (draft.table !== undefined) {
        line.alert(
          `stick-table name '${draft.name}' conflicts with table declared in ${draft.kind} '${draft.name}' at ${draft.table.file}:${draft.table.line}.`,
        )
        return
      }
      draft.table = readTable(line, line.args)
    },
  },
]
