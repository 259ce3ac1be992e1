/** What a program finds of servers that it checks, as `show stat` tells it. */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from './ports.js'
import { ProxyProcess } from './proxy.js'
import { ask } from './talk.js'

/** Where it works, and what its configuration says beside the backends. */
export interface VerdictSetting {
  /** For the socket of the runtime API. */
  readonly folder: string
  readonly global?: string
  /** Default 500 ms. */
  readonly connect?: string
}

/** Nothing is known yet; and what the last check said is not told while the next one is under way. */
const unsettled = /^(?:\* .*|INI.*|CHECKED|) *$/

function readStates(answer: string): readonly string[] {
  const [head = '', ...rows] = answer.split('\n')
  const names = head.slice(2).split(',')
  const cell = (cells: readonly string[], name: string): string => cells[names.indexOf(name)] ?? ''
  return rows
    .map((row) => row.split(','))
    .filter((cells) => cells[1] === 's')
    .map((cells) => [cell(cells, 'check_status'), cell(cells, 'check_code'), cell(cells, 'last_chk')].join(' '))
}

/** The first verdict on each of the servers `b0/s`, `b1/s` … of backends with these lines. */
export async function verdicts(
  program: readonly string[],
  backends: readonly string[],
  { folder, global = '', connect = '500ms' }: VerdictSetting,
): Promise<readonly string[]> {
  const port = await freePort()
  const socket = join(folder, `${port}.sock`)
  const config = `global
  stats socket ${socket} mode 600 level admin
${global}
defaults
  mode tcp
  timeout connect ${connect}
  timeout client 5s
  timeout server 5s
  timeout check 700ms
frontend ready
  bind 127.0.0.1:${port}
${backends.map((lines, index) => `backend b${index}\n${lines}`).join('\n')}
`
  const proxy = await ProxyProcess.start(program, config, port)
  try {
    const settled = new Map<number, string>()
    for (let tries = 0; tries < 800; tries++) {
      for (const [index, state] of readStates(await ask({ path: socket }, 'show stat\n')).entries())
        if (!unsettled.test(state) && !settled.has(index)) settled.set(index, state)
      if (settled.size === backends.length) return backends.map((_, index) => settled.get(index) ?? '')
      await pause(20)
    }
    throw new Error('some servers were never judged')
  } finally {
    await proxy.stop()
  }
}

/** The line of the one server of such a backend. */
export const checkedServer = (port: number): string => `  server s 127.0.0.1:${port} check inter 1s fall 1 rise 1`
