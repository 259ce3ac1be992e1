/** Datagrams to and from one peer, over the system's network. */
import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import type { Datagrams, Peer } from './network.js'

/** A socket at a port of chance that hears one peer alone: the system drops what others send. */
export function openDatagrams(peer: Peer, heard: (bytes: Buffer) => void, failed: () => void): Datagrams {
  const { host, port, localAddress } = peer
  const socket = createSocket(isIPv6(host) || host.includes('%') ? 'udp6' : 'udp4')
  const waiting: Uint8Array[] = []
  let connected = false
  let closed = false
  const close = (): void => {
    if (closed) return
    closed = true
    socket.close()
  }
  const fail = (): void => {
    if (closed) return
    close()
    failed()
  }
  const send = (bytes: Uint8Array): void => socket.send(bytes, (error) => (error === null ? undefined : fail()))
  socket.on('error', fail)
  socket.on('message', heard)
  socket.on('connect', () => {
    connected = true
    for (const bytes of waiting) send(bytes)
  })
  if (localAddress === undefined) socket.connect(port, host)
  else socket.bind({ address: localAddress }, () => socket.connect(port, host))
  return {
    send: (bytes) => {
      if (closed) return
      if (connected) send(bytes)
      else waiting.push(bytes)
    },
    close,
  }
}
