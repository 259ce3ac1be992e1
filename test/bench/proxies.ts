/**
 * The proxies that are compared, each set up alike: one condition on the path, X-Forwarded-For, keep-alive on both
 * sides, server connections shared by all clients, no logs. How they are loaded and measured is not here.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { manyRules } from './rules.js'
import { SMALL_ANSWER } from './scenarios.js'

export interface Setup {
  readonly port: number
  readonly origin: number
  readonly mode: 'http' | 'tcp'
  /** Where configuration may be written. */
  readonly folder: string
  /** Where the Node peers are installed. */
  readonly peers: string
  /** Arguments for Node where the proxy is this project, such as those of the profiler. */
  readonly nodeArgs: readonly string[]
}

export interface Contender {
  readonly name: string
  readonly modes: readonly ('http' | 'tcp')[]
  /** It runs in scenarios of rules only, and has them. */
  readonly rules?: true
  /** The npm package that has to be installed for it. */
  readonly needs?: string
  /** Its version; throws when it is not here. */
  version(peers: string): string
  command(setup: Setup): string[]
}

const here = dirname(fileURLToPath(import.meta.url))
export const root = join(here, '../../..')
const program = join(root, 'dist/cli/fairlead.js')
const nginxModules = '/usr/lib/nginx/modules/ngx_stream_module.so'

/** What a program answers when asked for its version, on either stream. */
function ask(file: string, ...args: string[]): string {
  return execFileSync('sh', ['-c', 'exec "$@" 2>&1', 'sh', file, ...args], { encoding: 'utf8' }).trim()
}

const haproxyFile = (setup: Setup, rules: readonly string[] = []): string => `global
    maxconn 6000
    nbthread 1

defaults
    mode ${setup.mode}
    timeout connect 5s
    timeout client 300s
    timeout server 300s
${
  setup.mode === 'http'
    ? `    timeout http-keep-alive 300s
    option forwardfor
    http-reuse always

frontend edge
    bind 127.0.0.1:${setup.port}
${rules.map((line) => `    ${line}\n`).join('')}    acl is_api path_beg /api/
    use_backend api if is_api
    default_backend web

backend api
    server api1 127.0.0.1:${setup.origin}
`
    : `
frontend edge
    bind 127.0.0.1:${setup.port}
    default_backend web
`
}
backend web
    server web1 127.0.0.1:${setup.origin}
`

const nginxFile = (setup: Setup): string => `${nginxHead(setup.folder)}
${setup.mode === 'http' ? '' : `load_module ${nginxModules};`}
events { worker_connections 12000; }
${
  setup.mode === 'tcp'
    ? `stream {
  server { listen 127.0.0.1:${setup.port} backlog=4096; proxy_pass 127.0.0.1:${setup.origin}; proxy_timeout 300s; }
}`
    : `http {
  access_log off;
  ${nginxTemporary(setup.folder)}
  keepalive_requests 1000000000;
  keepalive_timeout 300s;
  client_max_body_size 0;
  upstream api { server 127.0.0.1:${setup.origin}; keepalive 128; keepalive_requests 1000000000; }
  upstream web { server 127.0.0.1:${setup.origin}; keepalive 128; keepalive_requests 1000000000; }
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host $host;
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  proxy_request_buffering off;
  proxy_max_temp_file_size 0;
  proxy_buffers 16 16k;
  server {
    listen 127.0.0.1:${setup.port} backlog=4096;
    location /api/ { proxy_pass http://api; }
    location / { proxy_pass http://web; }
  }
}`
}
`

const nginxHead = (folder: string): string => `daemon off;
worker_processes 1;
${process.getuid?.() === 0 ? 'user root;' : ''}
pid ${folder}/nginx.pid;
error_log ${folder}/nginx-error.log crit;`

const nginxTemporary = (folder: string): string =>
  ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')

/** nginx as the origin: a short answer from memory, a long one from a file. */
export function nginxOrigin(port: number, folder: string): string[] {
  mkdirSync(join(folder, 'www'), { recursive: true })
  writeFileSync(join(folder, 'www/large'), 'x'.repeat(1024 * 1024))
  const file = join(folder, 'nginx.conf')
  writeFileSync(
    file,
    `${nginxHead(folder)}
events { worker_connections 12000; }
http {
  access_log off;
  ${nginxTemporary(folder)}
  sendfile on;
  tcp_nopush on;
  open_file_cache max=10 inactive=1h;
  keepalive_requests 1000000000;
  keepalive_timeout 300s;
  default_type text/plain;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /large { root ${folder}/www; }
    location / { return 200 "${'x'.repeat(SMALL_ANSWER)}"; }
  }
}
`,
  )
  return ['nginx', '-e', `${folder}/nginx-error.log`, '-p', folder, '-c', file]
}

/** The origin of `node:net`, where nginx is missing and for uploads. */
export function nodeOrigin(port: number): string[] {
  return [process.execPath, join(here, 'peers/origin.js'), String(port)]
}

function peer(name: string, needs?: string): Pick<Contender, 'name' | 'needs' | 'version' | 'command'> {
  return {
    name,
    ...(needs === undefined ? {} : { needs }),
    version: (peers) => {
      if (needs === undefined) return process.version
      const file = join(peers, 'node_modules', needs, 'package.json')
      return ask(process.execPath, '-p', `require(${JSON.stringify(file)}).version`)
    },
    command: ({ port, origin, peers }) => [
      process.execPath,
      join(here, `peers/${name}.js`),
      String(port),
      String(origin),
      peers,
    ],
  }
}

/** This project, with further lines in its frontend. */
const ours = (name: string, lines: readonly string[] = []): Omit<Contender, 'modes'> => ({
  name,
  version: () => {
    if (!existsSync(program)) throw new Error('dist/cli/fairlead.js is not built')
    return ask(process.execPath, program, '-v').split('\n')[0]!
  },
  command: (setup) => {
    const file = join(setup.folder, 'bench.cfg')
    writeFileSync(file, haproxyFile(setup, lines))
    return [process.execPath, ...setup.nodeArgs, program, '-db', '-f', file]
  },
})

const theirs = (name: string, lines: readonly string[] = []): Omit<Contender, 'modes'> => ({
  name,
  version: () => ask('haproxy', '-v').split('\n')[0]!,
  command: (setup) => {
    const file = join(setup.folder, 'haproxy.cfg')
    writeFileSync(file, haproxyFile(setup, lines))
    return ['haproxy', '-db', '-f', file]
  },
})

export const proxies: readonly Contender[] = [
  { ...ours('fairlead'), modes: ['http', 'tcp'] },
  { ...ours('fairlead-rules', manyRules), modes: ['http'], rules: true },
  { ...theirs('haproxy'), modes: ['http', 'tcp'] },
  { ...theirs('haproxy-rules', manyRules), modes: ['http'], rules: true },
  {
    name: 'nginx',
    modes: existsSync(nginxModules) ? ['http', 'tcp'] : ['http'],
    version: () => ask('nginx', '-v'),
    command: (setup) => {
      const file = join(setup.folder, 'nginx.conf')
      writeFileSync(file, nginxFile(setup))
      return ['nginx', '-e', `${setup.folder}/nginx-error.log`, '-p', setup.folder, '-c', file]
    },
  },
  { ...peer('undici', 'undici'), modes: ['http'] },
  { ...peer('reply-from', '@fastify/reply-from'), modes: ['http'] },
  { ...peer('http-proxy-3', 'http-proxy-3'), modes: ['http'] },
  { ...peer('relay'), modes: ['http', 'tcp'] },
]
