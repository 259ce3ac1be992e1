/** Patterns of a haproxy.cfg: files, maps and names, and what can be changed in them while rules ask. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { type Config, ConfigError, loadConfig, parseConfig } from '../../lib/config/index.js'
import { request } from '../../lib/testing/index.js'

const folder = mkdtempSync(join(tmpdir(), 'patterns-'))
t.teardown(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text, 'latin1')
  return path
}

const frontend = (...lines: readonly string[]): string =>
  [
    'defaults',
    '  mode http',
    '  timeout client 5s',
    'frontend f',
    '  bind :80',
    ...lines.map((line) => `  ${line}`),
    '',
  ].join('\n')

async function statusOf(config: Config, path: string, src = '192.0.2.1'): Promise<number | undefined> {
  const decision = await config.frontend('f').route(request(path, { src }))
  return decision.kind === 'respond' ? decision.response.status : undefined
}

/** What is told of a text, with the line. */
function told(text: string): readonly string[] {
  try {
    return parseConfig(text).diagnostics.map(
      ({ line, message, advice }) => `${line}: ${message}${advice === undefined ? '' : `; ${advice}`}`,
    )
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.diagnostics.map(
      ({ line, message, advice }) => `${line}: ${message}${advice === undefined ? '' : `; ${advice}`}`,
    )
  }
}

t.test('what code changes in a file, every rule sees', async (t) => {
  const list = file('list', '/a\n')
  const hosts = file('hosts.map', '/x 1\n')
  const config = parseConfig(
    frontend(
      `http-request deny deny_status 401 if { path -f ${list} }`,
      `http-request deny deny_status 405 if { path_beg -i -f ${list} }`,
      `http-request deny deny_status 403 if { path,map_str_int(${hosts}) gt 5 }`,
      'http-request deny deny_status 404',
    ),
  )
  t.same(
    config.patternSets.map(({ name }) => name),
    [list, hosts],
  )
  t.equal(await statusOf(config, '/b'), 404)
  config.patterns(list).add('/b')
  t.equal(await statusOf(config, '/b'), 401)
  t.equal(await statusOf(config, '/B/c'), 405)
  config.patterns(list).clear()
  t.equal(await statusOf(config, '/a'), 404)
  t.equal(await statusOf(config, '/x'), 404)
  config.map(hosts).set('/x', '6')
  t.equal(await statusOf(config, '/x'), 403)
  t.throws(() => config.map(hosts).set('/x', 'six'), /'six' is not an integer/)
  t.throws(() => config.map(list), /the configuration has no map/)
  t.throws(() => config.patterns('nothing'), /the configuration has no pattern file 'nothing'/)
})

t.test('names among networks are looked up when files are loaded, and are faults in a text', async (t) => {
  const text = frontend('http-request deny deny_status 401 if { src localhost }', 'http-request deny deny_status 404')
  const config = await loadConfig(file('names.cfg', text))
  t.equal(await statusOf(config, '/', '127.0.0.1'), 401)
  t.equal(await statusOf(config, '/', '127.0.0.2'), 404)
  t.match(told(text), [/^6: .*'localhost' is not a valid IPv4 or IPv6 address/])
  const missing = file('missing.cfg', frontend('http-request deny if { src no-such-host.invalid }'))
  await t.rejects(loadConfig(missing), /'no-such-host.invalid' is not a valid IPv4 or IPv6 address/)
})

t.test('what nobody asks is told', async (t) => {
  const list = file('asked', '/a\n')
  t.match(told(frontend(`acl a path -f ${list}`, `http-request add-acl(${list}x) %[path]`)), [
    new RegExp(`7: no ACL and no map uses '${list}x': what is put into it is never looked at.; did you mean '${list}'`),
  ])
  t.same(told(frontend(`acl a path -f ${list}`, `http-request add-acl(${list}) %[path]`)), [])
  t.same(told(frontend('acl a path -f virt@x', 'http-request add-acl(virt@x) %[path]')), [])
  t.same(
    told(
      frontend('http-request set-header x %[path,map(opt@/nonexistent)]', 'http-request del-map(opt@/nonexistent) a'),
    ),
    [],
  )
})

t.test('words that are read otherwise than they look are told', async (t) => {
  const advice = "; write what is meant: 'eq 5', ':-5', '1:9', or '!' for another"
  t.same(told(frontend('acl a src_port ne 5')), [`6: 'ne' is read as 'eq'.${advice}`])
  t.same(told(frontend('acl a src_port ge 3:4')), [`6: 'ge 3:4' is read as '3:4'.${advice}`])
  t.same(told(frontend('acl a src_port eq -5')), [`6: '-5' is read as ':5'.${advice}`])
})

t.test('explanations show patterns as they were written', async (t) => {
  const list = file('shown', '/a\n')
  const config = parseConfig(
    frontend(
      `acl a path -i -f ${list} "/b c"`,
      'http-request deny if a { src_port gt 5 7 } { path_beg /x }',
      'http-request deny if { path -m reg ^/a }',
    ),
  )
  t.same(
    config.frontend('f').httpRequest.rules.map(({ condition }) => condition?.text),
    ['a { src_port gt 5 7 } { path -m beg /x }', 'path -m reg ^/a'],
  )
})

t.test('acl() asks the ACLs of its section', async (t) => {
  const lines = ['acl a path /a', 'acl b query -m found']
  const config = parseConfig(
    frontend(
      ...lines,
      'http-request deny deny_status 401 if { acl(a,b) }',
      'http-request deny deny_status 403 if { acl(a,!b) }',
      'http-request deny deny_status 404',
    ),
  )
  t.equal(await statusOf(config, '/a?'), 401)
  t.equal(await statusOf(config, '/a'), 403)
  t.equal(await statusOf(config, '/b?'), 404)
  t.match(told(frontend('http-request deny if { acl(nope) }')), [/^6: .*there is no ACL 'nope' in this section/])
  t.match(
    told(frontend('http-request set-header x %[status] if { acl(RDP_COOKIE) }')),
    [/status/],
    'it knows those that everybody knows',
  )
  t.match(told(frontend('acl a acl(b)', 'acl b acl(a)')), [/ACL 'a' asks itself|ACL 'b' asks itself/])
})

t.test('expressions in linear time need a package, or say that they do', async (t) => {
  const text = frontend('http-request deny deny_status 401 if { path -m reg ^/a }', 'http-request deny deny_status 403')
  try {
    const config = parseConfig(text, { regex: 're2' })
    t.equal(await statusOf(config, '/abc'), 401)
    t.throws(() => parseConfig(frontend('acl a path -m reg (?=a)'), { regex: 're2' }), /cannot be had in linear time/)
  } catch (error) {
    t.match(error, { message: /the package 're2' cannot be loaded: .*; npm install re2/ })
  }
})
