/** The first lines of a connection between peers, on either side of it. What follows them is a `PeerSession`. */

import type { Timer } from '../../base/clock.js'
import { LOCAL_UNKNOWN, SUCCEEDED } from '../../codec/peers-format.js'
import { HelloReader, helloText, StatusReader } from '../../codec/peers-hello.js'
import type { Socket } from '../network.js'
import type { Surroundings } from './surroundings.js'

/** Milliseconds for either side to say its lines. */
const PATIENCE = 5000

/** Says hello on a connection that is being made, and waits for the status: -1 when none comes that is one. */
export function sayHello(
  socket: Socket,
  { called, caller, pid }: { called: string; caller: string; pid: number },
  answered: (status: number, rest: Uint8Array) => void,
): void {
  const reader = new StatusReader()
  const heard = (chunk: Buffer): void => {
    const status = reader.feed(chunk)
    if (status === undefined) return
    socket.off('data', heard)
    socket.pause()
    answered(status, reader.rest)
  }
  socket.on('data', heard)
  socket.once('connect', () => socket.write(helloText(called, caller, pid)))
}

/**
 * Reads the hello of somebody who has connected, and answers it.
 * @param known whether somebody of that name may come
 * @param welcome told of whom, once it has been answered that all is well
 */
export function hearHello(
  socket: Socket,
  name: string,
  { clock }: Surroundings,
  known: (caller: string) => boolean,
  welcome: (caller: string, rest: Uint8Array) => void,
): void {
  const reader = new HelloReader(name)
  let timer: Timer | undefined = clock.after(PATIENCE, () => socket.destroy())
  const over = (): void => {
    timer?.cancel()
    timer = undefined
    socket.off('data', heard)
  }
  const heard = (chunk: Buffer): void => {
    const step = reader.feed(chunk)
    if (step === undefined) return
    over()
    if (step.type === 'endless') socket.destroy()
    else if (step.type === 'refused') socket.end(`${step.status}\n`, () => socket.destroy())
    else if (!known(step.hello.caller)) socket.end(`${LOCAL_UNKNOWN}\n`, () => socket.destroy())
    else {
      socket.pause()
      socket.write(`${SUCCEEDED}\n`)
      welcome(step.hello.caller, reader.rest)
    }
  }
  socket.on('data', heard)
  socket.once('end', () => socket.destroy())
  socket.once('close', over)
}
