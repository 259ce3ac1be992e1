/** Other people's programs on both sides: nginx, curl, OpenSSL, Node's own HTTP, and load generators. */

import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { get } from './cases/product.js'
import { freePort } from './support/ports.js'
import { missing } from './support/programs.js'
import { accepts, isReference, ProxyProcess, subject } from './support/proxy.js'
import { ask, run } from './support/talk.js'

t.setTimeout(0)

const folder = mkdtempSync(join(tmpdir(), 'fairlead-peers-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))
const with_ = (...programs: string[]) => {
  const absent = missing(...programs)
  return absent === undefined ? {} : { skip: absent }
}

type Teardown = { teardown(what: () => unknown): void }

const config = (port: number, server: number, front = '', extra = '') => `defaults
  mode http
  timeout connect 2s
  timeout client 6s
  timeout server 6s
${extra}
frontend f
  bind 127.0.0.1:${port}
${front}
  default_backend b
backend b
  server s1 127.0.0.1:${server}
`

async function proxied(t: Teardown, server: number, front = '', extra = ''): Promise<number> {
  const port = await freePort()
  const proxy = await ProxyProcess.start(subject, config(port, server, front, extra), port)
  t.teardown(() => proxy.stop())
  return port
}

const BIG = randomBytes(5_000_000)
const digest = (bytes: Buffer | string) => createHash('sha1').update(bytes).digest('hex')

async function nginx(t: Teardown, servers: string): Promise<void> {
  const home = mkdtempSync(join(folder, 'nginx-'))
  mkdirSync(join(home, 'www'))
  writeFileSync(join(home, 'www/big'), BIG)
  writeFileSync(join(home, 'www/index.html'), 'home')
  const file = join(home, 'nginx.conf')
  writeFileSync(
    file,
    `daemon off; user root; worker_processes 1; pid ${home}/pid; error_log ${home}/error.log;
events { worker_connections 256; }
http {
  access_log off; client_body_temp_path ${home}/body; proxy_temp_path ${home}/proxy; fastcgi_temp_path ${home}/f;
  uwsgi_temp_path ${home}/u; scgi_temp_path ${home}/s; root ${home}/www; gzip on; gzip_min_length 1; gzip_types *;
${servers}
}`,
  )
  const child = spawn('nginx', ['-c', file, '-p', home], { stdio: 'inherit' })
  t.teardown(async () => {
    const exit = once(child, 'exit')
    child.kill('SIGTERM')
    await exit
  })
  const port = Number(/listen 127\.0\.0\.1:(\d+)/.exec(servers)![1])
  while (!(await accepts(port))) await pause(20)
}

async function nodeOrigin(t: Teardown): Promise<number> {
  const server: Server = createHttpServer((request, response) => {
    const hash = createHash('sha1')
    let length = 0
    request.on('data', (bytes: Buffer) => {
      hash.update(bytes)
      length += bytes.length
    })
    request.on('end', () => {
      const told = {
        method: request.method,
        url: request.url,
        version: request.httpVersion,
        length,
        sha1: hash.digest('hex'),
      }
      if (request.url === '/stream') {
        response.write('one ')
        response.end('two')
      } else response.end(JSON.stringify({ ...told, expect: request.headers.expect ?? null }))
    })
  })
  server.on('upgrade', (_request, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n')
    socket.pipe(socket)
    socket.on('error', () => {})
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

const curl = (...words: string[]) => run(['curl', '-sS', '--max-time', '20', ...words])

t.test('nginx as the server', with_('nginx', 'curl'), async (t) => {
  const origin = await freePort()
  await nginx(
    t,
    `server { listen 127.0.0.1:${origin}; client_max_body_size 6m;
    location /small { client_max_body_size 10; proxy_pass http://127.0.0.1:1; }
    location /put/ { dav_methods PUT; create_full_put_path on; }
    location /moved { return 301 /index.html; }
    location /none { return 204; }
    location /abort { return 444; } }`,
  )
  const port = await proxied(t, origin)
  const url = `http://127.0.0.1:${port}`
  t.equal((await curl(`${url}/`)).stdout, 'home')
  t.match((await curl('-I', `${url}/`)).stdout, /^HTTP\/1\.1 200 OK\r\n[\s\S]*content-length: 4\r\n/)
  t.equal((await curl('--compressed', '-w', '%{size_header}', '-o', join(folder, 'page'), `${url}/`)).code, 0)
  t.equal(readFileSync(join(folder, 'page'), 'utf8'), 'home', 'gzip, in chunks')
  await curl('-o', join(folder, 'big'), `${url}/big`)
  t.equal(digest(readFileSync(join(folder, 'big'))), digest(BIG), '5 MB down')
  t.equal(
    digest(Buffer.from((await curl('-r', '100-1099', `${url}/big`)).stdout, 'latin1')),
    digest(BIG.subarray(100, 1100)),
    'a range',
  )
  const etag = /etag: (\S+)/.exec((await curl('-I', `${url}/big`)).stdout)![1]!
  t.equal((await curl('-w', '%{http_code}', '-H', `If-None-Match: ${etag}`, `${url}/big`)).stdout, '304')
  t.equal((await curl('-w', '%{http_code}', '-T', join(folder, 'big'), `${url}/put/x`)).stdout, '201', '5 MB up')
  await curl('-o', join(folder, 'back'), `${url}/put/x`)
  t.equal(digest(readFileSync(join(folder, 'back'))), digest(BIG), 'and they arrived')
  t.match(
    (await curl('-w', '%{http_code}', '-T', join(folder, 'big'), `${url}/small`)).stdout,
    /413/,
    'refused before the body was read',
  )
  t.equal((await curl('-w', '%{http_code}', `${url}/none`)).stdout, '204')
  t.equal((await curl('-L', `${url}/moved`, '--connect-to', `127.0.0.1:${origin}:127.0.0.1:${port}`)).stdout, 'home')
  t.match((await curl('-w', '%{http_code}', `${url}/abort`)).stdout, /502$/, 'a server that hangs up')
})

t.test('nginx as the client', with_('nginx', 'curl'), async (t) => {
  const origin = await nodeOrigin(t)
  const port = await proxied(t, origin)
  const [old, alive] = [await freePort(), await freePort()]
  await nginx(
    t,
    `upstream fair { server 127.0.0.1:${port}; keepalive 4; }
    server { listen 127.0.0.1:${old}; location / { proxy_pass http://127.0.0.1:${port}; } }
    server { listen 127.0.0.1:${alive}; client_max_body_size 0;
      location / { proxy_pass http://fair; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_request_buffering off; }
      location /ws { proxy_pass http://fair; proxy_http_version 1.1; proxy_set_header Upgrade echo; proxy_set_header Connection upgrade; } }`,
  )
  for (const [name, entry] of [
    ['HTTP/1.0', old],
    ['keep-alive', alive],
  ] as const) {
    for (let index = 0; index < 5; index++) {
      t.match(JSON.parse((await curl(`http://127.0.0.1:${entry}/x?${index}`)).stdout), { url: `/x?${index}` }, name)
    }
    t.equal((await curl(`http://127.0.0.1:${entry}/stream`)).stdout, 'one two', `${name}, chunks`)
    const posted = await curl('-d', 'a=b', `http://127.0.0.1:${entry}/post`)
    t.match(JSON.parse(posted.stdout), { method: 'POST', length: 3, sha1: digest('a=b') }, `${name}, POST`)
  }
  writeFileSync(join(folder, 'upload'), BIG)
  const sent = await curl(
    '-H',
    'Transfer-Encoding: chunked',
    '-T',
    join(folder, 'upload'),
    `http://127.0.0.1:${alive}/up`,
  )
  t.match(JSON.parse(sent.stdout), { length: BIG.length, sha1: digest(BIG) }, '5 MB in chunks, unbuffered')
})

t.test('curl as the client', with_('curl'), async (t) => {
  const origin = await nodeOrigin(t)
  const port = await proxied(t, origin)
  const url = `http://127.0.0.1:${port}`
  writeFileSync(join(folder, 'curl'), BIG)
  const expecting = await curl('-v', '-H', 'Expect: 100-continue', '-T', join(folder, 'curl'), `${url}/up`)
  t.match(expecting.stderr, /< HTTP\/1\.1 100 Continue/, 'the 100 comes through')
  t.match(JSON.parse(expecting.stdout), {
    method: 'PUT',
    length: BIG.length,
    sha1: digest(BIG),
    expect: '100-continue',
  })
  const old = await curl('--http1.0', '-i', `${url}/old`)
  t.match(old.stdout, /"version":"1\.0"/, 'HTTP/1.0')
  const many = await curl(
    '-w',
    ' %{num_connects}\n',
    '-o',
    '/dev/null',
    ...Array.from({ length: 5 }, (_, n) => `${url}/${n}`),
  )
  t.same(
    (
      await curl(
        '-w',
        '%{num_connects}',
        '-o',
        '/dev/null',
        `${url}/a`,
        '-o',
        '/dev/null',
        `${url}/b`,
        '-o',
        '/dev/null',
        `${url}/c`,
      )
    ).stdout,
    '100',
    'three requests on one connection',
  )
  t.equal(many.code, 0)
  t.match(JSON.parse((await curl('-X', 'PURGE', `${url}/p`)).stdout), { method: 'PURGE' })
  t.match((await curl('-I', `${url}/h`)).stdout, /^HTTP\/1\.1 200 OK/)
  t.equal((await curl(`${url}/stream`)).stdout, 'one two')
  const upgraded = await ask(port, `${get('/ws', 'Connection: Upgrade\r\nUpgrade: echo\r\n')}`.concat('')).catch(String)
  t.match(upgraded, /^HTTP\/1\.1 101 Switching Protocols\r\n/, 'an upgrade')
})

t.test('TLS passed through to the server of the name', with_('openssl'), async (t) => {
  const names = ['a.example.test', 'b.example.test']
  const ports: number[] = []
  for (const name of names) {
    const key = join(folder, `${name}.pem`)
    const made = await run([
      'openssl',
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      key,
      '-out',
      `${key}.crt`,
      '-subj',
      `/CN=${name}`,
      '-days',
      '2',
    ])
    t.equal(made.code, 0)
    const port = await freePort()
    ports.push(port)
    const child = spawn(
      'openssl',
      ['s_server', '-accept', `127.0.0.1:${port}`, '-key', key, '-cert', `${key}.crt`, '-www', '-quiet'],
      { stdio: 'ignore' },
    )
    t.teardown(async () => {
      const exit = once(child, 'exit')
      child.kill()
      await exit
    })
    while (!(await accepts(port))) await pause(20)
  }
  const port = await freePort()
  const proxy = await ProxyProcess.start(
    subject,
    `defaults
  mode tcp
  timeout connect 2s
  timeout client 5s
  timeout server 5s
frontend tls
  bind 127.0.0.1:${port}
  tcp-request inspect-delay 5s
  tcp-request content accept if { req.ssl_hello_type 1 }
  use_backend a if { req.ssl_sni -i a.example.test }
  use_backend b if { req.ssl_sni -i b.example.test }
backend a
  server s 127.0.0.1:${ports[0]}
backend b
  server s 127.0.0.1:${ports[1]}
`,
    port,
  )
  t.teardown(() => proxy.stop())
  for (const name of names) {
    for (const version of ['-tls1_2', '-tls1_3']) {
      const seen = await run(
        ['openssl', 's_client', '-connect', `127.0.0.1:${port}`, '-servername', name, version, '-quiet', '-ign_eof'],
        {
          input: 'GET / HTTP/1.0\r\n\r\n',
          limit: 10_000,
        },
      )
      t.match(seen.stderr, new RegExp(`CN = ${name}`), `${name} ${version}`)
      t.match(seen.stdout, /^HTTP\/1\.0 200 ok/i)
    }
  }
  const nameless = await run(['openssl', 's_client', '-connect', `127.0.0.1:${port}`, '-noservername'], {
    limit: 10_000,
  })
  t.notMatch(nameless.stdout, /BEGIN CERTIFICATE/, 'no name, no server')
})

t.test('wrk sees no error', with_('wrk', 'nginx'), async (t) => {
  const origin = await freePort()
  await nginx(t, `server { listen 127.0.0.1:${origin}; }`)
  for (const front of ['', '  option httpclose']) {
    const port = await proxied(t, origin, front)
    const { stdout } = await run(['wrk', '-t1', '-c32', '-d2s', '--latency', `http://127.0.0.1:${port}/`])
    t.match(stdout, /[1-9]\d* requests in/)
    t.notMatch(stdout, /Non-2xx|Socket errors/, `${front}${stdout}`)
  }
})

t.test('h2load in HTTP/1.1 sees no error', with_('h2load', 'nginx'), async (t) => {
  const origin = await freePort()
  await nginx(t, `server { listen 127.0.0.1:${origin}; }`)
  const port = await proxied(t, origin)
  const { stdout } = await run(['h2load', '--h1', '-n', '3000', '-c', '20', `http://127.0.0.1:${port}/`])
  t.match(stdout, /3000 succeeded, 0 failed, 0 errored, 0 timeout/)
})

for (const [name, words] of [
  ['slow heads', ['-H']],
  ['slow bodies', ['-B', '-s', '10000']],
] as const) {
  t.test(`slowhttptest: ${name} are ended while others are served`, with_('slowhttptest'), async (t) => {
    const origin = await nodeOrigin(t)
    const port = await proxied(t, origin, '', '  timeout http-request 1s\n  timeout client 1s')
    const slow = run(
      [
        'slowhttptest',
        ...words,
        '-c',
        '60',
        '-i',
        '4',
        '-r',
        '60',
        '-l',
        '12',
        '-p',
        '2',
        '-u',
        `http://127.0.0.1:${port}/`,
      ],
      {
        cwd: folder,
        limit: 30_000,
      },
    )
    await pause(500)
    let served = 0
    for (let index = 0; index < 10; index++) {
      if (/^HTTP\/1\.1 200/.test(await ask(port, get('/', 'Connection: close\r\n')))) served++
      await pause(100)
    }
    t.equal(served, 10, 'others are served meanwhile')
    const { stdout } = await slow
    // HAProxy 2.6 lets a body trickle on: its client timeout does not run once the server waits for the rest.
    if (!(isReference && name === 'slow bodies')) t.match(stdout, /No open connections left/, 'none of them stays')
  })
}
