/** A server from the words of a `server` line, for a backend that runs: what `add server` of the runtime API makes. Manual of management, 9.3. */
import type { Backend, Server } from '../index.js'
import { ConfigError, Diagnostics } from './diagnostic.js'
import { load } from './loader.js'
import { serverWords } from './vocabulary.js'

/** What may be said of such a server; the words for TLS come with it. */
const ACCEPTED: ReadonlySet<string> = new Set(
  `addr agent-addr agent-check agent-inter agent-port agent-send backup check disabled downinter enabled error-limit fall fastinter id inter maxconn
  maxqueue minconn observe on-error on-marked-down on-marked-up pool-low-conn pool-max-conn pool-purge-delay port rise slowstart source tfo weight`.split(
    /\s+/,
  ),
)

/** What is wrong with the words, as HAProxy would say it. */
export class ServerWordsError extends Error {
  override readonly name = 'ServerWordsError'
}

/**
 * Makes a server of the words of a `server` line: for `RuntimeApi`. What a `default-server` says is not looked at, as in HAProxy.
 * @throws {ServerWordsError} when they are wrong
 */
export function serverFromWords(backend: Backend, words: readonly string[]): Server {
  const [name = '', address = '', ...options] = words
  for (const word of options) if (isStranger(word)) throw new ServerWordsError(complaint(word))
  const line = ['server', name, address, ...options].map(quoted).join(' ')
  try {
    const text = `backend ${backend.name}\n  mode ${backend.mode}\n  timeout connect 5s\n  timeout server 50s\n  ${line}\n`
    const made = load([{ name: 'add server', text }], new Diagnostics(), {})
    const server = made.backends[0]?.servers[0]
    if (server === undefined) throw new ServerWordsError(`no server '${name}'`)
    made.backends[0]?.servers.remove(server)
    return server
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const fault = error.diagnostics.find(({ severity }) => severity === 'alert')
    const message = (fault?.message ?? error.message).replace(/^'server [^']*' : /, '')
    throw new ServerWordsError(fault?.advice?.startsWith('did you mean') ? `${message}; ${fault.advice}` : message)
  }
}

/** A word that HAProxy knows, but takes no such server with. */
const isStranger = (word: string): boolean => serverWords.includes(word) && !ACCEPTED.has(word)

function complaint(word: string): string {
  return `'${word}' option is not accepted for dynamic server`
}

/** In quotes that keep everything as it is. */
const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`
