/** Converters that ask how a transaction goes; its record knows. */
import { OptionError } from '../base/errors.js'
import type { Context } from '../match/context.js'
import { type ConverterDefinition, defineConverter } from '../match/converter.js'
import type { Links } from '../match/links.js'
import { isTroubled, type TransactionRecord } from './record.js'

type Holds = (context: Context) => boolean

const recordOf = ({ record }: Context): TransactionRecord | undefined => record as TransactionRecord | undefined

const failed: Holds = (context) => {
  const record = recordOf(context)
  return record !== undefined && isTroubled(record)
}
const forwarded: Holds = (context) => recordOf(context)?.server !== undefined
/** Answered here. That is only known once the answer has been given. */
const answered: Holds = (context) => !forwarded(context) && recordOf(context)?.termination.startsWith('L') === true

const CONDITIONS: ReadonlyMap<string, Holds> = new Map<string, Holds>([
  ['error', failed],
  ['normal', (context) => !failed(context)],
  ['forwarded', forwarded],
  ['toapplet', answered],
  ['processed', (context) => forwarded(context) || answered(context)],
  ['stopping', ({ process }) => process?.stopping === true],
])

/** The converters of transactions. */
export const transactionConverters: readonly ConverterDefinition[] = [
  defineConverter({
    name: 'when',
    from: 'any',
    type: 'same',
    arguments: [
      { name: 'condition', type: 'string' },
      { name: 'name', type: 'string', optional: true },
    ],
    prepare: ([given, name], links) => {
      const word = String(given)
      const negated = word.startsWith('!')
      const holds = conditionOf(negated ? word.slice(1) : word, name as string | undefined, links)
      return (value, context) => (holds(context) === negated ? undefined : value)
    },
  }),
]

function conditionOf(word: string, name: string | undefined, links: Links): Holds {
  const subject = "converter 'when'"
  const holds = CONDITIONS.get(word)
  if (holds !== undefined) {
    if (name !== undefined) throw new OptionError(subject, 'name', `'${word}' stands alone`)
    return holds
  }
  if (word !== 'acl') {
    const known = [...CONDITIONS.keys(), 'acl,<name>'].join(', ')
    throw new OptionError(subject, 'condition', `'${word}' is not one of ${known}`)
  }
  const acl = name === undefined ? undefined : links.acl(name)
  if (acl === undefined) throw new OptionError(subject, 'name', `there is no ACL '${name ?? ''}' in this section`)
  return (context) => acl.test(context) === true
}
