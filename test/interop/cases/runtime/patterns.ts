/** Maps and ACLs: shown, asked, changed one by one and by versions, and what is wrong with an order. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaults, type RuntimeCase, type Step, sockets } from './case.js'

/** Both programs read the same files, which are written anew for each. */
const dir = mkdtempSync(join(tmpdir(), 'fairlead-patterns-'))
process.once('exit', () => rmSync(dir, { recursive: true, force: true }))

/** Entries have addresses; HAProxy has ACLs of its own; how many entries one that is asked in two ways has is counted twice there. */
const mask = (answer: string): string =>
  answer
    .replace(/^0x[0-9a-f]+ /gm, '0x# ')
    .replace(/^.* file 'httpclient' .*\n/gm, '')
    .replace(/ file '[^']*\.cfg' /g, " file '~' ")
    .replace(/entry_cnt=\d+/g, 'entry_cnt=#')

const ask = (line: string): Step => ({ ask: line, mask })

function files(): void {
  writeFileSync(join(dir, 'm.map'), 'k1 v1\nk2 v2\n10.0.0.0/8 net\n')
  writeFileSync(join(dir, 'a.acl'), '/a\n/b\n')
}

const config: RuntimeCase['config'] = (place) => {
  files()
  return `global
${sockets(place)}${defaults}
frontend f
  bind 127.0.0.1:${place.port('fe')}
  acl a1 path -f ${dir}/a.acl
  acl a2 src 10.0.0.0/8 192.168.0.0/16
  http-request set-header x %[path,map(${dir}/m.map,def)]
  http-request deny if a1 a2
`
}

const mixed: RuntimeCase['config'] = (place) => {
  files()
  return `global
${sockets(place)}${defaults}
frontend f
  bind 127.0.0.1:${place.port('fe')}
  acl a1 path -f ${dir}/a.acl
  acl a2 path_beg -i -f ${dir}/a.acl /z
  http-request deny if a1 { path_sub x } or a2
  http-request set-header x %[path,map(${dir}/m.map)]%[path,map_beg(${dir}/m.map)]
  http-request add-acl(${dir}/a.acl) %[path]
  acl n nbsrv(b) -u 7 gt 3
  acl re path_reg ^/x
  acl len path_len 5
backend b
`
}

export const patterns: readonly RuntimeCase[] = [
  {
    name: 'maps and ACLs',
    config,
    steps: [
      ask('show map'),
      ask('show acl'),
      ask('show map #0'),
      ask('show map #99'),
      ask('show map nope'),
      ask(`show map ${dir}/m.map`),
      ask(`show map @1 ${dir}/m.map`),
      ask(`show map @foo ${dir}/m.map`),
      ask(`show acl ${dir}/a.acl`),
      ask('show acl #1'),
      ask('show acl #3'),
      ask(`get map ${dir}/m.map k1`),
      ask(`get map ${dir}/m.map nope`),
      ask(`get map ${dir}/m.map`),
      ask('get map'),
      ask('get map nope k1'),
      ask(`get acl ${dir}/a.acl /a`),
      ask(`get acl ${dir}/a.acl /x`),
      ask('get acl #2 10.1.2.3'),
      ask('get acl #1 10.1.2.3'),
      ask('get acl #1 foo'),
      ask(`add map ${dir}/m.map k3 v3`),
      ask(`add map ${dir}/m.map k4`),
      ask(`add map ${dir}/m.map`),
      ask('add map'),
      ask('add map nope k v'),
      ask('add map #0 k5 v5'),
      ask(`add map ${dir}/m.map k3 v3 extra`),
      ask(`add acl ${dir}/a.acl /c`),
      ask(`add acl ${dir}/a.acl`),
      ask(`add acl ${dir}/a.acl /d extra`),
      ask('add acl nope x'),
      ask('add acl #1 notanip'),
      ask('add acl #2 notanip'),
      ask('add acl #1 172.16.0.0/12'),
      ask(`set map ${dir}/m.map k1 new`),
      ask(`set map ${dir}/m.map nope new`),
      ask(`set map ${dir}/m.map k1`),
      ask(`set map ${dir}/m.map`),
      ask('set map'),
      ask('set map nope k v'),
      ask(`set map ${dir}/m.map #0x1234 v`),
      ask(`del map ${dir}/m.map k3`),
      ask(`del map ${dir}/m.map nope`),
      ask(`del map ${dir}/m.map`),
      ask('del map'),
      ask('del map nope k'),
      ask(`del map ${dir}/m.map #0x123`),
      ask(`del acl ${dir}/a.acl /c`),
      ask(`del acl ${dir}/a.acl /zzz`),
      ask('del acl'),
      ask(`del acl ${dir}/a.acl`),
      ask(`prepare map ${dir}/m.map`),
      ask('prepare map'),
      ask('prepare map nope'),
      ask('show map'),
      ask(`add map @1 ${dir}/m.map p1 w1`),
      ask(`add map @7 ${dir}/m.map p1 w1`),
      ask(`show map @1 ${dir}/m.map`),
      ask(`show map @0 ${dir}/m.map`),
      ask('commit map @1'),
      ask('commit map'),
      ask(`commit map ${dir}/m.map`),
      ask(`commit map @9 ${dir}/m.map`),
      ask(`commit map @1 ${dir}/m.map`),
      ask(`commit map @1 ${dir}/m.map`),
      ask('show map'),
      ask(`show map ${dir}/m.map`),
      ask(`prepare acl ${dir}/a.acl`),
      ask(`add acl @1 ${dir}/a.acl /p`),
      ask(`show acl @1 ${dir}/a.acl`),
      ask(`clear acl @1 ${dir}/a.acl`),
      ask(`show acl @1 ${dir}/a.acl`),
      ask(`commit acl @1 ${dir}/a.acl`),
      ask(`show acl ${dir}/a.acl`),
      ask('clear map'),
      ask('clear map nope'),
      ask(`clear map @x ${dir}/m.map`),
      ask(`clear map @5 ${dir}/m.map`),
      ask(`clear map ${dir}/m.map`),
      ask(`show map ${dir}/m.map`),
      ask('clear acl'),
      ask('clear acl nope'),
      ask('show acl'),
      ask(`add map ${dir}/m.map <<\na 1\nb 2 3\n`),
      ask(`show map ${dir}/m.map`),
      ask(`add map ${dir}/m.map <<\nc\n`),
      ask(`add map ${dir}/m.map x y <<\nc d\n`),
      ask(`add acl ${dir}/a.acl <<\n/q\n/r s\n`),
      ask(`show acl ${dir}/a.acl`),
      ask(`set map ${dir}/m.map a`),
      ask(`set map ${dir}/m.map a <<\nzz\n`),
      ask('show map'),
    ],
  },
  {
    name: 'maps and ACLs that are asked in several ways',
    config: mixed,
    steps: [
      ask('show acl'),
      ask('show map'),
      ask(`get acl ${dir}/a.acl /a`),
      ask(`get map ${dir}/m.map k1x`),
      ask('get acl #7 4'),
      ask('get acl re /x'),
      ask('get acl #5 /x'),
      ask('get acl #3 /x'),
      ask('get acl #2 /x'),
      ask('get acl #6 /x'),
      ask('get acl #4 /x'),
      ask('add acl #6 foo'),
      ask(`get acl ${dir}/m.map k1`),
      ask(`del map ${dir}/a.acl /a`),
      ask(`clear map ${dir}/a.acl`),
      ask(`show acl ${dir}/a.acl`),
      ask(`add acl ${dir}/m.map zz`),
      ask(`show map ${dir}/m.map`),
      ask(`prepare map ${dir}/m.map`),
      ask(`prepare map ${dir}/m.map`),
      ask(`commit map @2 ${dir}/m.map`),
      ask(`add map @1 ${dir}/m.map a b`),
      ask(`add acl @7 ${dir}/a.acl x`),
      ask(`add map ${dir}/m.map x y <<\nc d\n`),
      ask(`show map ${dir}/m.map`),
    ],
  },
]
