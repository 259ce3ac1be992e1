/**
 * The seam between the engine and the world: how to listen, dial and resolve. Everything else in this room works on what these calls give,
 * so that tests replace the network and keep the whole engine.
 */
import { getServers, lookup } from 'node:dns/promises'
import { chmod, chown, rename, stat, unlink } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type ListenOptions, type Server as NetServer } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Bind } from '../proxy/bind.js'
import type { Dialling } from '../proxy/dialling.js'
import { openDatagrams } from './datagrams.js'
import { abstractPath } from './target.js'

/** A connection's end: a `net.Socket`, or anything of its shape. */
export interface Socket extends Duplex {
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
  readonly localAddress?: string | undefined
  readonly localPort?: number | undefined
  readonly connecting?: boolean
  setNoDelay?(on?: boolean): unknown
  setKeepAlive?(on?: boolean, initialDelay?: number): unknown
  /** Ends the connection so that the peer sees a reset. */
  resetAndDestroy?(): unknown
}

/** Something that listens. */
export interface Listening {
  /** IP address or path, and the port that it got. */
  readonly address: string
  readonly port: number
  /** Takes no new connections from now on; those that it brought live on. Resolves when the port is free again. */
  close(): Promise<void>
}

/** Where a server is, with its name resolved. */
export type Target = ({ readonly host: string; readonly port: number } & Dialling) | { readonly path: string }

/** Bytes of a unix socket's path. */
const LONGEST_PATH = 107

/** Takes bytes from a socket without a fresh buffer for each read. */
export interface Reader {
  /** Where the next bytes are to be put. */
  room(): Buffer
  /** So many bytes have been put there; they are good until the call returns, unless `room()` then gives another buffer. */
  read(count: number): void
}

/** Somebody who takes datagrams. */
export interface Peer {
  /** An IP address. */
  readonly host: string
  readonly port: number
  /** The IP address of ours that it hears from, if not the system's choice. */
  readonly localAddress?: string | undefined
}

/** Datagrams to and from one peer. */
export interface Datagrams {
  send(bytes: Uint8Array): void
  /** Nothing is heard from now on. */
  close(): void
}

/** What the engine needs of a network. */
export interface Network {
  /**
   * Listens; hands over each connection unread. Rejects when the address cannot be had.
   * @param takeOver the path of a unix socket is taken from whoever listens there still
   */
  listen(bind: Bind, connected: (socket: Socket) => void, takeOver?: boolean): Promise<Listening>
  /**
   * Begins to connect; the socket emits `connect`, or `error`. With a reader, bytes may go there in place of `data` events: a network that does
   * not know of it just emits them.
   */
  dial(target: Target, reader?: Reader): Socket
  /** The IP address that the system says for a name. Rejects when it has none. */
  resolve(name: string, family: 4 | 6 | undefined): Promise<string>
  /** Datagrams from a port that nobody can guess to one peer, and from nobody else. `failed` is called once, and then nothing more. */
  datagrams(peer: Peer, heard: (bytes: Buffer) => void, failed: () => void): Datagrams
  /** The addresses of the system's name servers. */
  nameservers(): readonly string[]
}

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 0 && port <= 65_535

/** The operating system's network. */
export const systemNetwork: Network = {
  listen: (bind, connected, takeOver = false) => listen(bind, connected, takeOver),
  dial: (target, reader) => {
    // Node would say the same, and keep what it had opened by then for ever.
    if ('port' in target && !isPort(target.port)) throw new RangeError(`${target.port} is no port`)
    const options = { ...target, noDelay: true, allowHalfOpen: true }
    if (reader === undefined) return connect(options)
    const callback = (count: number): boolean => {
      reader.read(count)
      return true
    }
    return connect({ ...options, onread: { buffer: () => reader.room(), callback } })
  },
  resolve: async (name, family) => (await lookup(name, { family: family ?? 0 })).address,
  datagrams: openDatagrams,
  nameservers: getServers,
}

async function listen(bind: Bind, connected: (socket: Socket) => void, takeOver: boolean): Promise<Listening> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, connected)
  const path = bind.parsed.kind === 'unix' ? bind.parsed.path : undefined
  if (path !== undefined && !takeOver && (await isAlive(path))) throw inUse(path)
  const beside = path === undefined ? undefined : besideOf(path)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(beside === undefined ? listenOptions(bind) : { ...listenOptions(bind), path: beside }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  // A listener that fails later, for want of descriptors, loses that one connection and not the process.
  server.on('error', () => {})
  let inode = 0
  if (path !== undefined && beside !== undefined) {
    await setOwner(beside, bind)
    if (beside !== path) await rename(beside, path)
    inode = (await stat(path)).ino
  }
  const address = server.address() as AddressInfo | string | null
  const named = typeof address === 'string' || address === null
  return {
    address: named ? (path ?? bind.address) : address.address,
    port: named ? 0 : address.port,
    close: async () => {
      await close(server)
      if (path !== undefined) await removeOwn(path, inode)
    },
  }
}

function close(server: NetServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    // Its connections belong to their sessions; the port is free as soon as nobody listens there.
    resolve()
  })
}

function listenOptions(bind: Bind): ListenOptions & { fd?: number } {
  const { parsed } = bind
  const backlog = bind.backlog ?? 511
  switch (parsed.kind) {
    case 'unix':
      return { path: parsed.path, backlog }
    case 'abns':
      return { path: abstractPath(parsed.name, parsed.padded), backlog }
    case 'fd':
      return { fd: parsed.fd, backlog }
    case 'name':
      return { host: parsed.name, port: parsed.port, backlog }
    default:
      return { host: parsed.ip, port: parsed.port, backlog, ipv6Only: parsed.family === 6 && bind.dualStack !== true }
  }
}

/** A socket file that nobody listens at is left from a process that was killed. */
function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect({ path })
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    probe.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT'))
  })
}

function inUse(path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`listen EADDRINUSE: address already in use ${path}`), { code: 'EADDRINUSE' })
}

/**
 * Where the file of a socket is made, before it is moved to its place with its owner: Node removes what it has made when it closes, and would so
 * remove the socket of the process that has come in its place.
 */
function besideOf(path: string): string {
  const beside = `${path}.${process.pid}.new`
  // Paths of sockets are short; one that leaves no room is made where it is to be.
  return Buffer.byteLength(beside) > LONGEST_PATH ? path : beside
}

/** Removes the file of a socket, unless somebody else has taken its place. */
async function removeOwn(path: string, inode: number): Promise<void> {
  try {
    if ((await stat(path)).ino === inode) await unlink(path)
  } catch {
    // It has gone already.
  }
}

async function setOwner(path: string, bind: Bind): Promise<void> {
  if (bind.fileMode !== undefined) await chmod(path, bind.fileMode)
  if (bind.uid !== undefined || bind.gid !== undefined) await chown(path, bind.uid ?? -1, bind.gid ?? -1)
}
