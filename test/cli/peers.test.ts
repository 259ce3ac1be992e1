/** The command and its peers: a process that takes another one's place learns its stick tables, and what this process is called. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import { ask, folder, freePort, run, start } from './command.js'

const config = (http: number, peers: number): string => `global
  localpeer here
peers P
  peer here 127.0.0.1:${peers}
  table seen type ip size 10k expire 10m store http_req_cnt
frontend f
  mode http
  timeout client 5s
  bind 127.0.0.1:${http}
  http-request track-sc0 src table P/seen
  http-request return status 200 hdr x-seen "%[src_http_req_cnt(P/seen)]"
`

t.test('-sf: a successor learns what its predecessor remembers', async (t) => {
  const { file } = folder(t)
  const http = await freePort()
  const cfg = file('a.cfg', config(http, await freePort()))
  const old = start(t, ['-f', cfg])
  t.match(await ask(http), /x-seen: 1\r\n/)
  t.match(await ask(http), /x-seen: 2\r\n/)
  const next = start(t, ['-f', cfg, '-sf', `${old.child.pid}`])
  t.equal(await old.exit(), 0)
  t.match(await ask(http), /x-seen: 3\r\n/)
  const third = start(t, ['-f', cfg, '-sf', `${next.child.pid}`])
  t.equal(await next.exit(), 0)
  t.match(await ask(http), /x-seen: 4\r\n/, 'what was learned is taught again')
  t.equal(await third.end('SIGTERM'), 0)
})

t.test('-L says what this process is called, whatever the file says', async (t) => {
  const { file } = folder(t)
  const cfg = file('a.cfg', config(await freePort(), await freePort()))
  t.match(await run('-c', '-f', cfg), { code: 0, stderr: '' })
  const called = await run('-c', '-L', 'there', '-f', cfg)
  t.equal(called.code, 0)
  t.match(called.stderr, /'localpeer' ignored since it is already set by using the '-L' command line argument/)
  t.match(called.stderr, /Removing incomplete section 'peers P' \(no peer named 'there'\)/)
})

t.test('log lines of the section tell of peers that come and go', async (t) => {
  const { file } = folder(t)
  const daemon = createSocket('udp4')
  daemon.bind(0, '127.0.0.1')
  await once(daemon, 'listening')
  t.teardown(() => daemon.close())
  const lines: string[] = []
  let heard = (): void => {}
  daemon.on('message', (bytes) => {
    lines.push(String(bytes))
    heard()
  })
  const line = async (wanted: RegExp): Promise<void> => {
    while (!lines.some((one) => wanted.test(one)))
      await new Promise<void>((resolve) => {
        heard = resolve
      })
  }
  const [http, peers] = [await freePort(), await freePort()]
  const more = `  peer there 127.0.0.1:${await freePort()}\n  log 127.0.0.1:${daemon.address().port} local0\n`
  const cfg = file('a.cfg', config(http, peers).replace('  table', `${more}  table`))
  const command = start(t, ['-f', cfg])
  await ask(http)
  const there = connect(peers, '127.0.0.1').on('error', () => {})
  there.write('HAProxyS 2.1\nhere\nthere 1 1\n')
  await line(/^<133>.*Peer P\/there is connected \(it has connected\)\.\n?$/)
  there.end()
  await line(/^<132>.*Peer P\/there is not connected any more \(gone\)\.\n?$/)
  t.pass('both were told')
  t.equal(await command.end('SIGTERM'), 0)
})
