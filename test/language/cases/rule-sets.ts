/** Actions in each of the rule sets that have them, where what they do is the same: once everywhere, so that no set lacks one. */
import type { LanguageCase } from '../case.js'

const early = ['tcp-request connection', 'tcp-request session', 'tcp-request content'] as const

/** Rules of a connection's sets change what is asked later. */
const changes: readonly (readonly [action: string, argument: string, asked: string])[] = [
  ['set-src', 'str(192.0.2.7)', 'src'],
  ['set-src-port', 'int(7)', 'src_port'],
  ['set-dst', 'str(192.0.2.9)', 'dst'],
  ['set-dst-port', 'int(9)', 'dst_port'],
  ['set-src', 'str(none)', 'src'],
  ['set-dst-port', 'str(none)', 'dst_port,sub(1)'],
]

const changed: readonly LanguageCase[] = early.flatMap((set) =>
  changes.map(([action, argument, asked]) => ({
    name: `${set} ${action} ${argument}`,
    covers: argument === 'str(none)' ? [] : [`action:${set} ${action}`],
    frontend: [`${set} ${action} ${argument}`],
    expression: asked,
  })),
)

const settled: readonly LanguageCase[] = early.flatMap((set) => [
  {
    name: `${set} reject`,
    covers: [`action:${set} reject`],
    frontend: [`${set} reject if { src 127.0.0.9 }`],
    expression: 'src',
    from: '127.0.0.9',
  },
  {
    name: `${set} reject of others`,
    covers: [],
    frontend: [`${set} reject if { src 127.0.0.9 }`],
    expression: 'src',
  },
  {
    name: `${set} accept`,
    covers: [`action:${set} accept`],
    frontend: [`${set} accept if { src 127.0.0.1 }`, `${set} reject`],
    expression: 'src',
  },
])

const levels: readonly LanguageCase[] = [
  ['tcp-request content', 'frontend'],
  ['tcp-response content', 'backend'],
  ['http-request', 'frontend'],
  ['http-response', 'frontend'],
].map(([set, side]) => ({
  name: `${set} set-log-level`,
  covers: [`action:${set} set-log-level`],
  frontend: ['option httplog', ...(side === 'frontend' ? [`${set} set-log-level err`] : [])],
  backend: side === 'backend' ? [`${set} set-log-level err`] : [],
  sees: ['log'],
}))

const priorities: readonly LanguageCase[] = [
  ['set-priority-class', 'prio_class'],
  ['set-priority-offset', 'prio_offset'],
].map(([action, asked]) => ({
  name: `tcp-request content ${action}`,
  covers: [`action:tcp-request content ${action}`, `fetch:${asked}`],
  frontend: [`tcp-request content ${action} int(-12)`],
  expression: asked,
}))

const bytes = (condition: string, fetch: string): LanguageCase => ({
  name: `bytes: ${condition}`,
  covers: [`fetch:${fetch}`],
  mode: 'tcp',
  frontend: ['tcp-request inspect-delay 1s', `tcp-request content reject unless ${condition}`],
  send: 'abcdef',
})

export const cases: readonly LanguageCase[] = [
  ...changed,
  ...settled,
  ...levels,
  ...priorities,
  bytes('{ payload(0,3) 616263 }', 'payload'),
  bytes('{ payload(0,3) 616264 }', 'payload'),
  bytes('{ payload_lv(0,1) 00 } or { payload(1,2) 6263 }', 'payload'),
  bytes('{ req_len 6 }', 'req_len'),
  bytes('{ req_len lt 6 }', 'req_len'),
  { name: 'servers of a backend by its name', covers: ['converter:nbsrv'], expression: 'str({backend}),nbsrv' },
  { name: 'servers of no backend', covers: ['converter:nbsrv'], expression: 'str(none),nbsrv' },
  { name: 'a queue by name', covers: ['converter:srv_queue'], expression: 'str({backend}/s1),srv_queue' },
  { name: 'a queue of none', covers: ['converter:srv_queue'], expression: 'str({backend}/none),srv_queue' },
  {
    name: 'a listener',
    covers: ['section:frontend'],
    expression: 'dst_port',
  },
  {
    name: 'the process',
    covers: ['section:global'],
    global: ['setenv CASE_WORD here'],
    expression: 'env(CASE_WORD)',
  },
]
