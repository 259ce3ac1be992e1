/** The question whether ACLs hold: `acl(name,…)`. */
import { OptionError } from '../../base/errors.js'
import type { ArgumentDefinition } from '../argument.js'
import { callText } from '../call-text.js'
import { all, type Condition, not } from '../condition.js'
import { defineFetch, type FetchDefinition } from '../fetch.js'
import { FlagSample } from '../flag-sample.js'
import type { Links } from '../links.js'
import { phases as everyPhase, type Phase } from '../phase.js'

/** As many as HAProxy takes. */
const names: readonly ArgumentDefinition[] = Array.from({ length: 12 }, (_, index) => ({
  name: index === 0 ? 'acl' : 'more',
  type: 'string',
  optional: index > 0,
}))

/** Whether all of these conditions hold, as a value. HAProxy: `acl([!]name,…)`. */
export function holds<P extends Phase>(name: string, ...conditions: readonly Condition<P>[]): FlagSample<P> {
  const { phases, test } = all(...conditions)
  return new FlagSample<P>({ name, type: 'bool', phases, ask: (context) => test(context) })
}

function conditionOf(word: string, links: Links): Condition<Phase> {
  const name = word.replace(/^!/, '')
  const found = links.acl(name)
  if (found === undefined) throw new OptionError("fetch 'acl'", '', `there is no ACL '${name}' in this section`)
  return word.startsWith('!') ? not(found) : found
}

export const aclFetches: readonly FetchDefinition[] = [
  defineFetch({
    name: 'acl',
    type: 'bool',
    phases: everyPhase,
    arguments: names,
    make: (values, links) => {
      const words = values.filter((value) => typeof value === 'string')
      return holds(callText('acl', words), ...words.map((word) => conditionOf(word, links)))
    },
  }),
]
