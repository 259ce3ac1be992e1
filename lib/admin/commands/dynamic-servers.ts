/** `add server` and `del server`: servers that come and go by order. Manual of management, 9.3. */
import type { Balancer } from '../../balancer.js'
import { OptionError } from '../../base/errors.js'
import type { Backend } from '../../proxy/backend.js'
import type { Server } from '../../proxy/server.js'
import { type Command, type CommandCall, CommandError, Message } from '../command.js'
import { named } from '../lookup.js'

/** Where a server would be or is; faults of these two commands have no line end of their own. */
function placeOf(balancer: Balancer, word: string | undefined): { readonly backend: Backend; readonly name: string } {
  const slash = word?.indexOf('/') ?? -1
  if (word === undefined || slash === -1) throw new CommandError("Require 'backend/server'.")
  const backend = named(balancer.backends, word.slice(0, slash))
  if (backend === undefined) throw new CommandError('No such backend.')
  return { backend, name: word.slice(slash + 1) }
}

function add({ balancer, args, makeServer }: CommandCall): Message {
  const [which, address, ...words] = args
  const { backend, name } = placeOf(balancer, which)
  if (makeServer === undefined)
    throw new CommandError('Servers cannot be made of words here: give the RuntimeApi its option makeServer.\n')
  if (!backend.balance.dynamic)
    throw new CommandError('Backend must use a dynamic load balancing to support dynamic servers.')
  if (address === undefined) throw new CommandError("'server' expects <name> and <addr>[:<port>] as arguments.\n")
  if (backend.server(name) !== undefined)
    throw new CommandError('Already exists a server with the same name in backend.\n')
  const { rest, tracked } = withoutTrack(balancer, backend, words)
  if (tracked !== undefined && rest.includes('check'))
    throw new CommandError('unable to enable checks and tracking at the same time!\n')
  try {
    const server = makeServer(backend, [name, address, ...rest])
    const twin = server.numbered ? named(backend.servers, `#${server.id}`) : undefined
    if (twin !== undefined)
      throw new CommandError(`'id' : custom id ${server.id} already used ('server ${twin.name}').\n`)
    if (!rest.includes('enabled')) server.order('maint')
    server.checkEnabled = false
    server.agentEnabled = false
    if (tracked !== undefined) server.follow(tracked)
    backend.servers.add(server)
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(`${ended(messageOf(error))}\n`)
  }
  return new Message('notice', 'New server registered.\n')
}

function messageOf(error: unknown): string {
  if (error instanceof OptionError) return error.message.replace(/^[^:]*: (?:option '[^']*': )?/, '')
  return error instanceof Error ? error.message : String(error)
}

/** HAProxy ends what its parser says with a full stop. */
const ended = (text: string): string => (/[.?!]$|is not accepted for dynamic server$/.test(text) ? text : `${text}.`)

/** Whose state it takes over is a server that runs, which its words alone do not show. */
function withoutTrack(
  balancer: Balancer,
  backend: Backend,
  words: readonly string[],
): { readonly rest: readonly string[]; readonly tracked: Server | undefined } {
  const at = words.indexOf('track')
  if (at === -1) return { rest: words, tracked: undefined }
  const text = words[at + 1]
  if (text === undefined) throw new CommandError("'track' expects [<proxy>/]<server> as argument.\n")
  const slash = text.indexOf('/')
  const proxy = slash === -1 ? backend : named(balancer.backends, text.slice(0, slash))
  if (proxy === undefined)
    throw new CommandError(`unable to find required proxy '${text.slice(0, slash)}' for tracking.\n`)
  const tracked = named(proxy.servers, text.slice(slash + 1))
  if (tracked === undefined)
    throw new CommandError(`unable to find required server '${text.slice(slash + 1)}' for tracking.\n`)
  const { check, agent } = sourceOf(tracked)
  if (check === undefined && agent === undefined)
    throw new CommandError(
      `unable to use ${proxy.name}/${tracked.name} for tracking as it does not have any check nor agent enabled.\n`,
    )
  return { rest: [...words.slice(0, at), ...words.slice(at + 2)], tracked }
}

/** Who is looked at in the end, where one follows another. */
function sourceOf(server: Server): Server {
  let at = server
  while (at.tracked !== undefined) at = at.tracked
  return at
}

function remove({ balancer, args: [which] }: CommandCall): Message {
  const { backend, name } = placeOf(balancer, which)
  const server = named(backend.servers, name)
  if (server === undefined) throw new CommandError('No such server.')
  if (server.isTracked || backend.useServers.length > 0)
    throw new CommandError(
      'This server cannot be removed at runtime due to other configuration elements pointing to it.',
    )
  if (server.admin !== 'maint') throw new CommandError('Only servers in maintenance mode can be deleted.')
  if (server.active > 0 || server.queued > 0)
    throw new CommandError('Server still has connections attached to it, cannot remove it.')
  backend.servers.remove(server)
  return new Message('notice', 'Server deleted.')
}

export const dynamicServerCommands: readonly Command[] = [
  {
    words: ['add', 'server'],
    usage: 'add server <bk>/<srv>                   : create a new server',
    level: 'admin',
    run: add,
  },
  {
    words: ['del', 'server'],
    usage: 'del server <bk>/<srv>                   : remove a dynamically added server',
    level: 'admin',
    run: remove,
  },
]
