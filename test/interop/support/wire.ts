/** One end of a TCP connection as a test sees it: every byte received, and how the other side left. */

import type { Socket } from 'node:net'
import type { Bell } from './bell.js'

export type WireState = 'open' | 'finished' | 'reset'

/** Strings are latin1: one character is one byte. */
export class Wire {
  readonly socket: Socket
  received = ''
  /** How far a script has read in `received`. */
  consumed = 0
  state: WireState = 'open'

  constructor(socket: Socket, bell: Bell) {
    this.socket = socket
    socket.setNoDelay(true)
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => {
      this.received += text
      bell.ring()
    })
    socket.on('end', () => {
      if (this.state === 'open') this.state = 'finished'
      bell.ring()
    })
    socket.on('error', () => {
      this.state = 'reset'
      bell.ring()
    })
    socket.on('close', () => {
      if (this.state === 'open') this.state = 'finished'
      bell.ring()
    })
  }

  /** What came in and was not read by the script yet. */
  get rest(): string {
    return this.received.slice(this.consumed)
  }

  send(text: string): void {
    if (this.socket.writable) this.socket.write(text, 'latin1')
  }

  /** Half close: nothing more will be sent. */
  finish(): void {
    this.socket.end()
  }

  /** RST. */
  reset(): void {
    this.socket.resetAndDestroy()
  }

  destroy(): void {
    this.socket.destroy()
  }
}
