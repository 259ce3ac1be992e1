/** Who is connected, as `show sess` tells of it, at every place where a client may stand. */
import { defaults, type RuntimeCase, type Step, sockets } from './case.js'

const config: RuntimeCase['config'] = (place) => `global
${sockets(place)}  maxconn 1000
${defaults}  timeout queue 1h
  timeout tarpit 2d
  timeout client 90s
  timeout server 100s
frontend fe
  bind 127.0.0.1:${place.port('fe')} name door
  bind [::1]:${place.port('fe')}
  http-request tarpit if { path /tar }
  use_backend full if { path /full }
  default_backend be
backend be
  server s1 127.0.0.1:${place.origin}
backend full
  server f1 127.0.0.1:${place.origin} maxconn 1
listen plain
  mode tcp
  bind 127.0.0.1:${place.port('plain')}
  server p1 127.0.0.1:${place.origin}
listen inspecting
  mode tcp
  bind 127.0.0.1:${place.port('inspecting')}
  tcp-request inspect-delay 3h
  tcp-request content reject if WAIT_END
  server i1 127.0.0.1:${place.origin}
`

const request = (path: string, method = 'GET', fields = ''): string =>
  `${method} ${path} HTTP/1.1\r\nHost: x\r\n${fields}\r\n`

/** Holds a connection until it is told of so. */
const held = (hold: string, from: string, told: RegExp): readonly Step[] => [
  { hold, from },
  { until: told, ask: 'show sess' },
]

/**
 * Pointers, ports, what tasks and buffers are about, and how much of a time is left. Of bytes that are passed on as they are, and of operators,
 * HAProxy tells different times depending on what it has done last; its threads tell of one session after the other, each of its own.
 */
function maskSessions(answer: string): string {
  const lines = masked(answer)
    .split('\n')
    .map((line) => (/fe=(?:GLOBAL|plain|inspecting)/.test(line) ? line.replace(/\b(rx|exp)=~?/g, '$1=') : line))
  return lines.sort().join('\n')
}

const masked = (answer: string): string =>
  answer
    .replace(/\b0x[0-9a-f]+/g, '0x~')
    .replace(/\b(src|source|addr)=(127\.0\.0\.1|::1):\d+/g, '$1=$2:~')
    .replace(/\bepoch=(?:0x~|0)/g, 'epoch=~')
    .replace(/\b(age|calls|rate|cpu|lat|f|i|an|fd|total|nice)=-?[\w?]+~?/g, '$1=~')
    .replace(/^(0x~: \[.*?\] id)=\d+/gm, '$1=~')
    .replace(/\b(rx|ax|exp|c_exp|an_exp|conn_exp)=\d\w*/g, '$1=~')
    .replace(/(sc[fb]=\[\d),\w+h/g, '$1,~h')
    .replace(/\[\d\d\/\w{3}\/\d{4}:[\d:.]+\]/g, '[date]')

/** Without the lines about what only HAProxy has. */
function maskDetails(answer: string): string {
  const lines = masked(answer)
    .split('\n')
    .filter((line) => !/^ {6}(?:co\d|app\d|flags|buf|htx)=/.test(line))
    .map((line) => line.replace(/^( {2}sc[fb]=.* state=\w+) .*/, '$1'))
    .map((line) => line.replace(/ (?:wex|rex|pipe|tofwd)=\S+?(?=\)| |$)/g, '').replace(/ exp=\S+/, ''))
    .map((line) => line.replace(/status=\S+ (?=req\.st=MSG_BODY)/, ''))
  const blocks = lines.join('\n').split(/^(?=0x)/m)
  const trimmed = blocks.map((block) => block.trim())
  return trimmed.sort().join('\n')
}

export const sessions: readonly RuntimeCase[] = [
  {
    name: 'sessions',
    config,
    steps: [
      { ask: 'show sess', mask: maskSessions },
      { ask: 'show sess', level: 'user' },
      ...held(request('/hang'), 'fe', /srv=s1 .* scb=\[8/),
      { ask: 'show sess', mask: maskSessions },
      { ask: 'show sess', level: 'operator', mask: maskSessions },
      ...held(request('/hang', 'PUT'), 'fe', /(?:be=be srv=s1 .* scb=\[8[\s\S]*){2}/),
      ...held(request('/tar'), 'fe', / ax=[12]d/),
      ...held(request('/full'), 'fe', /srv=f1 .* scb=\[8/),
      ...held(request('/full'), 'fe', /be=full srv=<none> .* scb=\[2/),
      ...held('x', 'plain', /srv=p1 .* scb=\[8/),
      ...held('x', 'inspecting', /fe=inspecting .* ax=[23]h/),
      { ask: 'show sess', mask: maskSessions },
      { ask: 'show sess 0', mask: maskSessions },
      { ask: 'show sess gibberish', mask: maskSessions },
      { ask: 'show sess all', mask: maskDetails },
      { ask: 'show sess all gibberish', mask: maskDetails },
      { ask: 'show sess 0x7fffffff1' },
      { ask: 'show sess 987654321' },
      { ask: 'shutdown session' },
      { ask: 'shutdown session 0x7fffffff1' },
      { ask: 'shutdown session gibberish' },
      { ask: 'shutdown sessions server be/s1' },
      { until: /^(?![\s\S]*srv=s1)/, ask: 'show sess' },
      { ask: 'show sess', mask: maskSessions },
    ],
  },
]
