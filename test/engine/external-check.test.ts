/** Checks that are programs: how they are started, and what becomes of how they end. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { systemClock } from '../../lib/base/clock.js'
import type { Engine } from '../../lib/engine/engine.js'
import { Probe } from '../../lib/engine/probe.js'
import { Backend, type ExternalOptions, HealthCheck, Server } from '../../lib/index.js'
import type { CheckResult } from '../../lib/proxy/check-result.js'
import { TestClock } from '../../lib/testing/index.js'

type Clock = Engine['clock']

/** Runs a program, and tells what was found. */
function found(
  options: ExternalOptions,
  clock: Clock = systemClock,
  begun: () => void = () => {},
): Promise<CheckResult> {
  const check = HealthCheck.external(options)
  const server = new Server('s', '127.0.0.1:8080', { maxConnections: 7 })
  const backend = new Backend('be', { mode: 'tcp', check, servers: [server] })
  const parts = { backend, server, check, target: { host: '127.0.0.1', port: 8080 } }
  return new Promise((resolve) => {
    const engine = { clock } as Engine
    new Probe(engine, { ...parts, patience: { connect: 60_000, answer: undefined } }, resolve).start()
    begun()
  })
}

t.test('the end of a program is the verdict', async (t) => {
  const folder = t.testdir()
  const script = (name: string, text: string): string => {
    const path = join(folder, name)
    writeFileSync(path, `#!/bin/sh\n${text}\n`)
    chmodSync(path, 0o755)
    return path
  }
  t.match(await found({ command: script('passes', 'exit 0') }), { passed: true, status: 'PROCOK', code: 0 })
  t.match(await found({ command: script('fails', 'exit 3') }), { passed: false, status: 'PROCERR', code: 3 })
  t.match(await found({ command: script('dies', 'kill -9 $$') }), { passed: false, status: 'PROCERR', code: -1 })
  t.match(await found({ command: join(folder, 'missing') }), { passed: false, status: 'PROCERR', code: 255 })
  const clock = new TestClock()
  const late = found({ command: script('sleeps', 'exec sleep 1000') }, clock, () => clock.advance(60_000))
  t.match(await late, { passed: false, status: 'PROCTOUT', code: 0 })
  const tells = script('tells', `{ echo "$@"; env; } > "$0.out"`)
  t.match(await found({ command: tells, path: '/usr/bin:/bin', proxy: { address: '0.0.0.0', port: 80 } }), {
    passed: true,
  })
  const told = readFileSync(`${tells}.out`, 'utf8').split('\n')
  t.equal(told[0], '0.0.0.0 80 127.0.0.1 8080')
  const expected = [
    'HAPROXY_PROXY_NAME=be',
    'HAPROXY_PROXY_ADDR=0.0.0.0',
    'HAPROXY_SERVER_MAXCONN=7',
    'PATH=/usr/bin:/bin',
  ]
  for (const line of expected) t.ok(told.includes(line), line)
  t.notOk(
    told.some((line) => line.startsWith('HOME=')),
    'nothing else of the environment',
  )
})
