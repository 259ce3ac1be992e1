/**
 * Going into the background. Node cannot fork, so that the nearest is to start ourselves once more, detached from the terminal, and to wait until that
 * process serves or has failed. It inherits the descriptors that it is to listen on, and tells its messages to us as long as it starts.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Write } from './report.js'

/** Set in the environment of the process in the background, and taken out again as soon as it runs. */
const MARK = 'FAIRLEAD_DAEMON'

type Message = { readonly text: string } | { readonly started: true }

/** The process in the background, seen from inside. */
export interface Background {
  /** Messages go to the process that waits, until it has left. */
  readonly write: Write
  /** It serves: whoever waits may leave. */
  started(): void
  /** Resolves when all messages have been handed over: before that, leaving would lose the last ones. */
  flushed(): Promise<void>
}

/** What this process is, when another one has started it for the background. */
export function background(): Background | undefined {
  const marked = process.env[MARK] !== undefined && process.send !== undefined
  delete process.env[MARK]
  if (!marked) return undefined
  const sent: Promise<void>[] = []
  const tell = (message: Message): void => {
    if (process.connected) sent.push(new Promise((resolve) => process.send?.(message, () => resolve())))
  }
  return {
    write: (text) => tell({ text }),
    started: () => {
      tell({ started: true })
      if (process.connected) process.disconnect()
    },
    flushed: async () => {
      await Promise.all(sent)
    },
  }
}

/** How the process in the background is started. */
export interface DaemonOptions {
  /** The working directory that the words of the command line count from. */
  readonly directory: string
  /** Descriptors beyond the standard ones that it needs. */
  readonly descriptors: readonly number[]
  readonly write: Write
}

/** Each descriptor keeps its number; those between are `/dev/null`, and the last is for the messages. */
function stdio(descriptors: readonly number[]): ('ignore' | 'ipc' | number)[] {
  const highest = Math.max(2, ...descriptors)
  const list = Array.from({ length: highest + 1 }, (_, fd) =>
    fd > 2 && descriptors.includes(fd) ? fd : ('ignore' as const),
  )
  return [...list, 'ipc']
}

/** Starts ourselves in the background. Resolves with our own exit status: 0 when the other one serves, else its own. */
export function daemonize({ directory, descriptors, write }: DaemonOptions): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    cwd: directory,
    detached: true,
    env: { ...process.env, [MARK]: '1' },
    stdio: stdio(descriptors),
  })
  return new Promise((resolve) => {
    child.on('error', (error) => {
      write(`${error.message}\n`)
      resolve(1)
    })
    child.on('message', (message: Message) => {
      if ('text' in message) return write(message.text)
      child.unref()
      resolve(0)
    })
    // Its last message may come behind the news of its end; the channel closes behind both.
    const ended = once(child, 'exit') as Promise<[code: number | null]>
    const silent = once(child, 'disconnect')
    Promise.all([ended, silent]).then(
      ([[code]]) => resolve(code === null || code === 0 ? 1 : code),
      () => resolve(1),
    )
  })
}
