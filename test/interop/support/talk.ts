/** Short conversations with a listening program, and runs of command-line programs. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type NetConnectOpts } from 'node:net'

/** Sends `text` and gives everything that comes until the other side closes. */
export async function ask(where: number | NetConnectOpts, text: string): Promise<string> {
  const socket = connect(typeof where === 'number' ? { port: where, host: '127.0.0.1' } : where)
  let answer = ''
  socket.setEncoding('latin1').on('data', (part: string) => {
    answer += part
  })
  socket.on('error', (error) => {
    answer += `[${error.message}]`
  })
  if (text !== '') socket.write(text, 'latin1')
  await once(socket, 'close')
  return answer
}

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end. */
export async function run(
  command: readonly string[],
  options: {
    readonly input?: string
    readonly cwd?: string
    readonly env?: NodeJS.ProcessEnv
    readonly limit?: number
  } = {},
): Promise<Finished> {
  const [program, ...words] = command
  const child = spawn(program!, words, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: options.limit ?? 60_000,
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('latin1').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('latin1').on('data', (text: string) => {
    stderr += text
  })
  child.stdin.on('error', () => {})
  if (options.input === undefined) child.stdin.end()
  else child.stdin.end(options.input)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}
