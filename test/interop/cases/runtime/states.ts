/** The file of server states: what of it is applied at the start, line by line. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaults, type RuntimeCase, sockets } from './case.js'
import { maskState } from './servers.js'

const dir = mkdtempSync(join(tmpdir(), 'fairlead-states-'))
process.once('exit', () => rmSync(dir, { recursive: true, force: true }))

/** Down, in maintenance, drained, moved, another weight, another number, checks suspended or found something … */
const lines = `3 b 1 a 127.0.0.1 0 0 1 1 100 1 0 0 0 0 0 0 - 18200 - 0 0 - - 0
3 b 2 b 127.0.0.1 0 0 1 1 100 8 2 0 6 0 0 0 - 18201 - 0 0 - - 0
3 b 3 c 127.0.0.1 0 1 1 1 100 1 0 0 0 0 0 0 - 18202 - 0 0 - - 0
3 b 4 d 127.0.0.1 0 4 1 1 100 1 0 0 0 0 0 0 - 18203 - 0 0 - - 0
3 b 5 e 127.0.0.1 2 0 1 1 100 1 0 2 0 0 0 0 - 18204 - 0 0 - - 0
3 b 6 f 127.0.0.1 2 8 1 1 100 1 0 2 0 0 0 0 - 18205 - 0 0 - - 0
3 b 7 g 127.0.0.1 2 0 3 1 100 1 0 2 0 0 0 0 - 18206 - 0 0 - - 0
3 b 8 g2 127.0.0.1 2 0 3 5 100 1 0 2 0 0 0 0 - 18207 - 0 0 - - 0
3 b 9 h 127.0.0.99 2 0 1 1 100 1 0 2 0 0 0 0 - 18208 - 0 0 - - 0
3 b 10 i 127.0.0.1 2 0 1 1 100 1 0 2 0 0 0 0 - 19999 - 0 0 - - 0
3 b 11 j 127.0.0.77 2 0 1 1 100 1 0 2 0 0 0 0 other.example 18210 - 0 0 - - 0
3 b 12 k 127.0.0.1 2 0 1 1 100 6 3 3 6 22 0 0 - 18211 - 0 81 127.0.0.5 127.0.0.6 99
3 b 13 l 127.0.0.1 3 0 1 1 100 16 4 4 6 0 0 0 - 18212 - 0 0 - - 0
3 b 14 m 127.0.0.1 1 0 1 1 100 1 0 2 0 0 0 0 - 18213 - 0 0 - - 0
3 b 99 n 127.0.0.1 2 0 1 1 100 1 0 2 0 0 0 0 - 18214 - 0 0 - - 0
3 b 16 o 127.0.0.1 0 32 1 1 100 1 0 0 0 0 0 0 - 18215 - 0 0 - - 0
3 b 17 p 127.0.0.1 2 0 1 1 100 6 3 4 2 0 0 0 - 18216 - 0 0 - - 0
3 b 18 q 127.0.0.1 0 5 1 1 100 1 0 0 8 0 0 0 - 18217 - 0 0 - - 0
77 b 19 r 127.0.0.1 2 0 9 1 100 1 0 2 0 0 0 0 - 18218 - 0 0 - - 0
3 b 20 s 127.0.0.1 0 2 1 1 100 1 0 2 0 0 0 0 - 18219 - 0 0 - - 0
3 b 21 u 127.0.0.88 2 0 1 1 100 1 0 2 0 0 0 0 localhost 18220 - 0 0 - - 0
`

const servers = `  server a 127.0.0.1:18200
  server b 127.0.0.1:18201 check inter 60s
  server c 127.0.0.1:18202
  server d 127.0.0.1:18203
  server e 127.0.0.1:18204 disabled
  server f 127.0.0.1:18205
  server g 127.0.0.1:18206
  server g2 127.0.0.1:18207 weight 10
  server h 127.0.0.1:18208
  server i 127.0.0.1:18209
  server j localhost:18210
  server k 127.0.0.1:18211 check inter 60s agent-check agent-port 18190 agent-inter 60s
  server l 127.0.0.1:18212 check inter 60s
  server m 127.0.0.1:18213 slowstart 10s
  server n 127.0.0.1:18214
  server o 127.0.0.1:18215
  server p 127.0.0.1:18216 check inter 60s
  server q 127.0.0.1:18217 disabled
  server r 127.0.0.1:18218
  server s 127.0.0.1:18219 track b
  server u localhost:18220
`

const config: RuntimeCase['config'] = (place) => {
  writeFileSync(join(dir, 'states'), `1\n# be_id\n${lines}`)
  writeFileSync(join(dir, 'own'), '1\n# x\n4 own 1 a 127.0.0.1 2 8 1 1 5 1 0 2 0 0 0 0 - 18400 - 0 0 - - 0\n')
  return `global
${sockets(place)}  server-state-base ${dir}/
  server-state-file states
${defaults}  load-server-state-from-file global
frontend f
  bind 127.0.0.1:${place.port('fe')}
  default_backend b
backend b
${servers}backend own
  load-server-state-from-file local
  server a 127.0.0.1:18400
backend none
  load-server-state-from-file none
  server a 127.0.0.1:18401
`
}

export const states: readonly RuntimeCase[] = [
  {
    name: 'states of servers from a file',
    config,
    steps: [{ ask: 'show servers state', mask: maskState }],
  },
]
