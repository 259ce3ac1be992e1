/** Actions that change the patterns of files: `add-acl`, `del-acl`, `set-map`, `del-map`. */
import { addAcl, delAcl, delMap, type PatternMap, type Phase, type Rule, setMap } from '../../index.js'
import type { Text } from '../../match/format.js'
import type { PatternTarget } from '../../rules/actions/change-patterns.js'
import type { ActionKeyword } from '../action.js'
import type { RuleSetName } from '../proxy-draft.js'
import { exactly } from './header-actions.js'

const lists: readonly RuleSetName[] = ['http-request', 'http-response']
const maps: readonly RuleSetName[] = [...lists, 'http-after-response']

/** `name(<file>) <format>…`. */
function changing(
  name: string,
  sets: readonly RuleSetName[],
  count: 1 | 2,
  make: (set: PatternTarget<PatternMap>, texts: readonly Text<Phase>[]) => Rule<never>,
): ActionKeyword {
  const [plural, advice] = count === 1 ? ['', '<key>'] : ['s', '<key> <value>']
  return {
    name,
    sets,
    read: (words) => {
      const { inner, line } = words
      if (inner === undefined || inner === '') {
        words.alert('expects the name of a file between parentheses.', `as in '${name}(list.txt) ${advice}'`)
        return undefined
      }
      const given = exactly(
        words,
        count,
        `expects exactly ${count} argument${plural}.`,
        `write '${name}(${inner}) ${advice}'`,
      )
      if (given === undefined) return undefined
      const set = line.loading.patterns.late(inner, line.place) as PatternTarget<PatternMap>
      return (linker, checkpoint) => {
        const texts = given.map((text) => linker.format(text, line.place, checkpoint))
        return texts.every((text) => text !== undefined) ? make(set, texts) : undefined
      }
    },
  }
}

export const patternActions: readonly ActionKeyword[] = [
  changing('add-acl', lists, 1, (set, [key = '']) => addAcl(set, key)),
  changing('del-acl', lists, 1, (set, [key = '']) => delAcl(set, key)),
  changing('set-map', maps, 2, (set, [key = '', value = '']) => setMap(set, key, value)),
  changing('del-map', maps, 1, (set, [key = '']) => delMap(set, key)),
]
