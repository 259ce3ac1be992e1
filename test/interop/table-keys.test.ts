/** Values of every type as keys of every type of table, through HAProxy and through fairlead: `show table` shows the same. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { freePort } from './support/ports.js'
import { missing } from './support/programs.js'
import { haproxy, ProxyProcess, subject } from './support/proxy.js'
import { ask as command } from './support/runtime.js'
import { ask } from './support/talk.js'

t.setTimeout(0)

const tables = { ip: 'ip', ip6: 'ipv6', int: 'integer', str: 'string len 8', bin: 'binary len 8' } as const
type Table = keyof typeof tables

const all: readonly Table[] = ['ip', 'ip6', 'int', 'str', 'bin']
const texts: readonly Table[] = ['str', 'bin']

/** Expressions, and the tables that HAProxy takes them for. */
const expressions: readonly (readonly [string, readonly Table[]])[] = [
  ['bin(00ff41)', texts],
  ['bin(41004200)', texts],
  ['bin(000102030405060708090a)', texts],
  ['str()', all],
  ['str(abc)', all],
  ['str(abcdefghijklmnop)', all],
  ['str(1.2.3.4)', all],
  ['str(01.2.3.4)', all],
  ['str(1.2.3.4:80)', all],
  ['str(1.2.3)', all],
  ['str(::ffff:1.2.3.4)', all],
  ['str(FD00::1)', all],
  ['str(fd00::1%eth0)', all],
  ['str(12ab)', all],
  ['str(-5x)', all],
  ['str(+7)', all],
  ['str(\\ 7)', all],
  ['str(4294967297)', all],
  ['int(5)', all],
  ['int(-5)', all],
  ['int(4294967301)', all],
  ['int(9223372036854775807)', all],
  ['bool(true)', ['int', ...texts]],
  ['bool(false)', ['int', ...texts]],
  ['ipv4(1.2.3.4)', all],
  ['ipv6(fd00::1)', ['ip', 'ip6', ...texts]],
  ['ipv6(::ffff:1.2.3.4)', ['ip', 'ip6', ...texts]],
  ['ipv6(::1.2.3.4)', ['ip', 'ip6', ...texts]],
  ['ipv6(2002:102:304::1)', ['ip', 'ip6', ...texts]],
  ['src', all],
  ['method', texts],
  ['url', all],
  ['hdr(nope)', all],
  ['hdr(empty)', all],
]

const cases = expressions.flatMap(([expression, able]) => able.map((table) => ({ expression, table })))

const config = (port: number, socket: string): string => `
global
  stats socket ${socket} level admin
defaults
  mode http
  timeout client 30s
  timeout server 30s
  timeout connect 5s
frontend f
  bind 127.0.0.1:${port}
${cases.map(({ expression, table }, index) => `  http-request track-sc0 ${expression} table ${table} if { path /${index} }`).join('\n')}
  http-request return status 200
${all.map((table) => `backend ${table}\n  stick-table type ${tables[table]} size 100 expire 1h store gpc0`).join('\n')}
`

/** The keys that each case leaves in its table. */
async function play(program: readonly string[]): Promise<Record<string, string>> {
  const port = await freePort()
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-keys-'))
  const socket = join(folder, 'socket')
  const proxy = await ProxyProcess.start(program, config(port, socket), port)
  const seen: Record<string, string> = {}
  try {
    for (const [index, { expression, table }] of cases.entries()) {
      await ask(port, `GET /${index} HTTP/1.1\r\nhost: x\r\nempty:\r\nconnection: close\r\n\r\n`)
      const shown = await command(socket, `show table ${table}`)
      const keys = [...shown.matchAll(/^0x[0-9a-f]+: key=(.*) use=/gm)].map(([, key]) => key)
      seen[`${expression} in ${table}`] = keys.join(' and ')
      await command(socket, `clear table ${table}`)
    }
  } finally {
    await proxy.stop()
    await rm(folder, { recursive: true, force: true })
  }
  return seen
}

const absent = missing('haproxy')
if (absent !== undefined) t.pass('keys of tables', { skip: absent })
else {
  t.test('values become the same keys, shown in the same way', async (t) => {
    const [theirs, ours] = await Promise.all([play(haproxy), play(subject)])
    t.ok(Object.values(theirs).filter((key) => key !== '').length > 80, 'most of them are keys')
    t.strictSame(ours, theirs)
  })
}
