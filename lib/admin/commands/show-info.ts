/** `show info`, `show version`, `show schema json`: the process as a whole. */
import type { Command, CommandCall } from '../command.js'
import { Message } from '../command.js'
import { infoFields } from '../info-fields.js'
import { infoValues } from '../info-values.js'
import { ownVersion } from '../own-version.js'
import { schema } from '../schema.js'
import { jsonValue, type Typed, typedLine } from '../stat-text.js'

function* showInfo({ balancer, sockets, args }: CommandCall): Generator<string> {
  const format = args.filter((word) => word === 'typed' || word === 'json').at(-1)
  const described = args.includes('desc')
  const values = infoValues(balancer, sockets.length, args.includes('float'))
  const fields: Typed[] = infoFields.flatMap((field) => {
    const value = values[field.name]
    return value === undefined ? [] : [{ ...field, value }]
  })
  if (format === 'json') yield `[${fields.map((field) => jsonValue(field)).join(',')}]\n`
  else if (format === 'typed') for (const field of fields) yield typedLine(field, described)
  else
    for (const { name, value, description } of fields)
      yield `${name}: ${value}${described ? `:"${description}"` : ''}\n`
}

export const infoCommands: readonly Command[] = [
  {
    words: ['show', 'info'],
    usage: 'show info [desc|json|typed|float]*      : report information about the running process',
    level: 'user',
    run: showInfo,
  },
  {
    words: ['show', 'version'],
    usage: 'show version                            : show version of the current process',
    level: 'user',
    run: () => new Message('info', `${ownVersion()}\n`),
  },
  {
    words: ['show', 'schema', 'json'],
    usage: 'show schema json                        : report schema used for stats',
    level: 'user',
    run: () => `${schema}\n`,
  },
]
