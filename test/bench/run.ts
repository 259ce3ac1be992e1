/**
 * `npm run bench`: this project, HAProxy, nginx and the Node proxies under the same load, in turns, on one core each.
 * Flags: --scenario NAME, --only PROXY (both may be repeated or hold commas), --seconds N (a round), --rounds N,
 * --json FILE, --load wrk|autocannon, --profile (tells where this project's time goes; slows it down).
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { autocannon, type Generator, hasWrk, wrk } from './load.js'
import { lookupLines, measureLookups } from './lookups.js'
import { measure, type Plan, type Row } from './measure.js'
import { canPin } from './process.js'
import { costliest } from './profile.js'
import { type Contender, proxies, root } from './proxies.js'
import { goalLines, judge, type Report, table } from './report.js'
import { type Scenario, scenarios } from './scenarios.js'
import { measureServers, serversLines } from './servers.js'
import { measureTables, tableLines } from './tables.js'

const peers = join(root, '.build/bench-peers')

// Ranges whose members run on Node 20; undici 8 does not.
const packages: Record<string, string> = {
  'http-proxy-3': '^2.0.1',
  fastify: '^5.12.8',
  '@fastify/reply-from': '^12.6.5',
  undici: '^7.30.2',
}

const { values: flags } = parseArgs({
  options: {
    scenario: { type: 'string', multiple: true },
    only: { type: 'string', multiple: true },
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'string' },
    load: { type: 'string' },
    profile: { type: 'boolean', default: false },
  },
})

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** The members that were asked for by name; all when none was. */
function chosen<T extends { readonly name: string }>(
  all: readonly T[],
  names: string[] | undefined,
  kind: string,
): T[] {
  if (!names) return [...all]
  const wanted = names.flatMap((each) => each.split(','))
  for (const name of wanted) {
    if (!all.some((each) => each.name === name)) {
      throw new Error(`no ${kind} is called '${name}'; there are ${all.map((each) => each.name).join(', ')}`)
    }
  }
  return all.filter((each) => wanted.includes(each.name))
}

function positive(flag: 'seconds' | 'rounds'): number {
  const value = Number(flags[flag])
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${flag} takes a whole number from 1 on`)
  return value
}

/** Installs the Node peers into a folder of their own; what cannot be installed is left out of the comparison. */
function install(wanted: Record<string, string>): void {
  const missing = Object.keys(wanted).filter((name) => !existsSync(join(peers, 'node_modules', name)))
  if (missing.length === 0) return
  mkdirSync(peers, { recursive: true })
  const file = join(peers, 'package.json')
  const before = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { dependencies: object }).dependencies
    : {}
  writeFileSync(file, JSON.stringify({ private: true, dependencies: { ...before, ...wanted } }, null, 2))
  say(`installing ${missing.join(', ')} into ${peers}`)
  const done = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: peers,
    encoding: 'utf8',
  })
  if (done.status !== 0) say(`npm install failed: ${(done.stderr || String(done.error)).trim()}`)
}

function generator(folder: string): Generator {
  const name = flags.load ?? (hasWrk() ? 'wrk' : 'autocannon')
  if (name === 'wrk') return wrk(folder)
  if (name !== 'autocannon') throw new Error('--load takes wrk or autocannon')
  install({ autocannon: '^8.0.0' })
  return autocannon(peers, folder)
}

/** The proxies that are here, and a line for each that is not. */
function present(wanted: readonly Contender[], versions: Record<string, string>): Contender[] {
  return wanted.filter((proxy) => {
    try {
      versions[proxy.name] = proxy.version(peers)
      return true
    } catch (error) {
      say(`left out: ${proxy.name} (${error instanceof Error ? error.message.split('\n')[0] : error})`)
      return false
    }
  })
}

function neededPackages(wanted: readonly Contender[]): Record<string, string> {
  const names = wanted.flatMap((proxy) => proxy.needs ?? [])
  if (names.includes('@fastify/reply-from')) names.push('fastify')
  return Object.fromEntries(names.map((name) => [name, packages[name]!]))
}

/** Measured in this process: no proxy runs. */
const TABLES = { name: 'tables' } as const

const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memory: totalmem(),
  kernel: release(),
  node: process.version,
  pinned: canPin,
}

function revision(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim()
  } catch {
    return 'unknown'
  }
}

async function run(): Promise<boolean> {
  const wanted = chosen<Pick<Scenario, 'name'>>([...scenarios, TABLES], flags.scenario, 'scenario')
  const wantedScenarios = scenarios.filter((scenario) => wanted.includes(scenario))
  const wantedProxies = chosen<Contender>(proxies, flags.only, 'proxy')
  const settings = { seconds: positive('seconds'), rounds: positive('rounds') }
  mkdirSync(join(root, '.build'), { recursive: true })
  const folder = mkdtempSync(join(root, '.build/bench-'))
  install(neededPackages(wantedProxies))
  const versions: Record<string, string> = {}
  const here = present(wantedProxies, versions)
  const load = generator(folder)
  const hasNginx = !spawnSync('nginx', ['-v']).error
  const plan: Plan = { folder, peers, ...settings, generator: load, hasNginx, profile: flags.profile }
  say(
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load by ${load.name}, ${settings.rounds} rounds of ${settings.seconds} s`,
  )
  if (!canPin) say('one core only: the proxy shares it with client and origin')

  const rows: Row[] = []
  for (const scenario of wantedScenarios) {
    const able = here.filter(
      (proxy) =>
        proxy.modes.includes(scenario.mode) &&
        !(scenario.idle && proxy.name === 'relay') &&
        (scenario.rules ? /^(?:fairlead|haproxy)/.test(proxy.name) : proxy.rules !== true),
    )
    const measured = await measure(scenario, able, plan)
    rows.push(...measured)
    say(table(scenario, measured))
    if (flags.profile && able.some((proxy) => proxy.name === 'fairlead')) {
      say(['\nfairlead, share of its own time', ...costliest(join(folder, `${scenario.name}-fairlead`), 30)].join('\n'))
    }
  }
  const lookups = wantedScenarios.some(({ rules }) => rules) ? measureLookups() : []
  if (lookups.length > 0) say(lookupLines(lookups))
  const servers =
    flags.scenario === undefined || wantedScenarios.some(({ rules }) => rules) ? measureServers() : undefined
  if (servers !== undefined) say(serversLines(servers))
  const tables = wanted.includes(TABLES) ? await measureTables() : []
  if (tables.length > 0) say(tableLines(tables))
  const judged = judge(rows)
  if (judged.length > 0) say(goalLines(judged))
  const date = new Date().toISOString()
  const report: Report = {
    date,
    machine,
    versions,
    settings: { ...settings, load: load.name, revision: revision() },
    rows,
    goals: judged,
    lookups,
    servers,
    tables,
  }
  const file = flags.json ?? join(root, `bench-${date.slice(0, 10)}.json`)
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`)
  say(`\nwritten to ${file}`)
  const good = rows.length + tables.length > 0 && rows.every((row) => row.failed === undefined)
  if (good) rmSync(folder, { recursive: true })
  else say(`logs are in ${folder}`)
  return good
}

try {
  process.exitCode = (await run()) ? 0 : 1
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 2
}
