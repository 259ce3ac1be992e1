/** `show resolvers`: what was asked of name servers, and what came of it. Manual of management, 9.3. */
import type { NameServerFigures, Resolvers } from '../../index.js'
import { type Command, type CommandCall, CommandError, type Stream } from '../command.js'

const columns: readonly (readonly [string, keyof NameServerFigures])[] = [
  ['sent', 'sent'],
  ['snd_error', 'sendErrors'],
  ['valid', 'valid'],
  ['update', 'updates'],
  ['cname', 'cname'],
  ['cname_error', 'cnameErrors'],
  ['any_err', 'anyErrors'],
  ['nx', 'nx'],
  ['timeout', 'timeout'],
  ['refused', 'refused'],
  ['other', 'other'],
  ['invalid', 'invalid'],
  ['too_big', 'tooBig'],
  ['truncated', 'truncated'],
  ['outdated', 'outdated'],
]
const WIDTH = 'cname_error:'.length

function showResolvers({ balancer, args }: CommandCall): Stream {
  const [name] = args
  const wanted = name === undefined ? balancer.resolvers : balancer.resolvers.filter((one) => one.name === name)
  if (name !== undefined && wanted.length === 0) throw new CommandError("Can't find that resolvers section\n")
  return sections(wanted)
}

function* sections(resolvers: readonly Resolvers[]): Iterable<string> {
  for (const { name, nameservers } of resolvers) {
    yield `Resolvers section ${name}\n`
    for (const { name: called, figures } of nameservers) {
      yield ` nameserver ${called}:\n`
      for (const [column, key] of columns) yield `  ${`${column}:`.padEnd(WIDTH)} ${figures[key]}\n`
    }
  }
}

export const resolverCommands: readonly Command[] = [
  {
    words: ['show', 'resolvers'],
    usage:
      'show resolvers [id]                     : dumps counters from all resolvers section and associated name servers',
    level: 'user',
    run: showResolvers,
  },
]
