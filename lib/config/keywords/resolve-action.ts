/** The action `do-resolve(<var>,<resolvers>[,ipv4|ipv6]) <expr>`. */
import { doResolve } from '../../index.js'
import { Variable } from '../../match/variable.js'
import type { ActionKeyword } from '../action.js'

const usage = "as in 'do-resolve(txn.address,dns,ipv4) hdr(host),host_only'"

export const resolveAction: ActionKeyword = {
  name: 'do-resolve',
  sets: ['tcp-request content', 'http-request'],
  read: (words) => {
    const [variable, name, family, ...rest] = words.inner?.split(',').map((word) => word.trim()) ?? []
    const text = words.next()
    const odd = rest.length > 0 || (family !== undefined && family !== 'ipv4' && family !== 'ipv6')
    if (variable === undefined || name === undefined || text === undefined || odd) {
      words.alert("expects '(<varname>,<resolvers>[,ipv4|ipv6]) <expr>'.", usage)
      return undefined
    }
    try {
      Variable.parse(variable)
    } catch (error) {
      words.alert((error as Error).message)
      return undefined
    }
    return (linker, checkpoint) => {
      const resolvers = linker.resolvers(name, words.line.place, words.line.keyword)
      const sample = linker.sample(text, words.line.place, checkpoint)
      if (resolvers === undefined || sample === undefined) return undefined
      return doResolve(variable, resolvers, sample, family === 'ipv4' ? 4 : 6)
    }
  },
}
