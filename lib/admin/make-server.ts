/** How `add server` gets a server of the words that it is given: whoever reads configurations knows. */
import type { Backend } from '../proxy/backend.js'
import type { Server } from '../proxy/server.js'

/**
 * Makes a server of the words of a `server` line.
 * @param words its name, its address, and its options
 * @throws {Error} whose message says what is wrong with them
 */
export type MakeServer = (backend: Backend, words: readonly string[]) => Server
