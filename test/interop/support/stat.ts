/** What `show stat` of a program's runtime API says of its servers. */
import { setTimeout as pause } from 'node:timers/promises'
import { ask } from './talk.js'

/** All rows, by `proxy/server`; each by the names of its columns. */
export async function showStat(socket: string): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const [head = '', ...rows] = (await askAgain(socket)).split('\n')
  const names = head.slice(2).split(',')
  return new Map(
    rows
      .filter((row) => row !== '')
      .map((row) => {
        const cells = cut(row)
        return [`${cells[0]}/${cells[1]}`, new Map(names.map((name, index) => [name, cells[index] ?? '']))]
      }),
  )
}

/** A program that listens for clients may take a moment to listen for orders. */
async function askAgain(socket: string): Promise<string> {
  for (let tries = 0; ; tries++) {
    try {
      return await ask({ path: socket }, 'show stat\n')
    } catch (error) {
      if (tries === 200) throw error
      await pause(25)
    }
  }
}

/** Cells with commas in them stand in quotes. */
function cut(row: string): readonly string[] {
  const cells = row.match(/(?:^|,)(?:"(?:[^"]|"")*"|[^,]*)/g) ?? []
  return cells.map((cell) =>
    cell
      .replace(/^,/, '')
      .replace(/^"([\s\S]*)"$/, '$1')
      .replaceAll('""', '"'),
  )
}

/** UP or DOWN, why, and in what words. */
export async function stateOf(socket: string, server: string): Promise<string> {
  const row = (await showStat(socket)).get(server)
  const cell = (name: string): string => row?.get(name) ?? ''
  return [cell('status'), cell('check_status').replace('* ', ''), cell('check_code'), cell('last_chk')].join(' ')
}

/** Waits until a server is in a state; says so when it never is. */
export async function becomes(socket: string, server: string, pattern: RegExp, seconds = 10): Promise<string> {
  let seen = ''
  for (const late = performance.now() + seconds * 1000; performance.now() < late; ) {
    seen = await stateOf(socket, server)
    if (pattern.test(seen)) return seen
    await pause(25)
  }
  return `never ${pattern}, but ${seen}`
}
