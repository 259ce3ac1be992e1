/** Which proxy or server a command means: by name, or by number behind a `#`. */
import type { Balancer } from '../balancer.js'
import type { Backend } from '../proxy/backend.js'
import type { Frontend } from '../proxy/frontend.js'
import type { Server } from '../proxy/server.js'
import { CommandError } from './command.js'

interface Named {
  readonly name: string
  readonly id: number
}

/** The one of that name, or of that number behind a `#`. */
export function named<T extends Named>(all: Iterable<T>, word: string): T | undefined {
  const number = /^#(\d{1,9})$/.exec(word)?.[1]
  for (const one of all) if (number === undefined ? one.name === word : one.id === Number(number)) return one
  return undefined
}

/** @throws {CommandError} `No such frontend.` */
export function frontendOf(balancer: Balancer, word: string | undefined): Frontend {
  if (word === undefined || word === '') throw new CommandError('A frontend name is expected.\n')
  const frontend = named(balancer.frontends, word)
  if (frontend === undefined) throw new CommandError('No such frontend.\n')
  return frontend
}

/** @throws {CommandError} `No such backend.` */
export function backendOf(balancer: Balancer, word: string): Backend {
  const backend = named(balancer.backends, word)
  if (backend === undefined) throw new CommandError('No such backend.\n')
  return backend
}

/** The server that `backend/server` means. @throws {CommandError} in HAProxy's words */
export function serverOf(balancer: Balancer, word: string | undefined): { backend: Backend; server: Server } {
  const slash = word?.indexOf('/') ?? -1
  if (word === undefined || slash === -1) throw new CommandError("Require 'backend/server'.\n")
  const backend = backendOf(balancer, word.slice(0, slash))
  const server = named(backend.servers, word.slice(slash + 1))
  if (server === undefined) throw new CommandError('No such server.\n')
  return { backend, server }
}
