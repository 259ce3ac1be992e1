/** How connections are parted with by a reset: at once, or behind the last words. Manual, `option nolinger`. */
import type { Socket } from './network.js'

/**
 * Ends a connection so that its peer sees a reset: what has not gone out is lost, and the system remembers nothing of it. What knows no resets (a
 * unix socket), or is not there yet, is closed in the usual way.
 */
export function reset(socket: Socket): void {
  if (socket.destroyed) return
  if (socket.remoteAddress === undefined || socket.resetAndDestroy === undefined) socket.destroy()
  else socket.resetAndDestroy()
}

/** Says that this is all, and resets as soon as that has been handed to the system. Who calls it has a time limit for peers that take nothing. */
export function endByReset(socket: Socket): void {
  if (socket.destroyed) return
  if (socket.writableFinished) reset(socket)
  else socket.end(() => reset(socket))
}

/** The same at once: what the system has not taken by now is lost. */
export function partByReset(socket: Socket): void {
  if (socket.writableLength > 0) reset(socket)
  else endByReset(socket)
}

/** Resets as soon as what was said has been handed to the system, without saying that it is all. */
export function resetWhenWritten(socket: Socket): void {
  if (socket.destroyed || socket.writableEnded) endByReset(socket)
  else socket.write('', () => reset(socket))
}
