/**
 * `npm run test:seeds`: tries the loader on the tutorials' configurations and on those found in the wild, where these folders lie beside the
 * project, and on the golden cases. It fails on a crash, on a file that must load and does not, and when a file is refused that HAProxy takes,
 * unless a word in it is not built yet.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe } from '../../lib/config/index.js'
import { readCases } from '../config/case.js'
import { askHAProxy, judge, needs, type Outcome, type Verdict, wordOf } from './verdict.js'

// The compiled file lies in .build/test/seeds.
const root = fileURLToPath(new URL('../../../', import.meta.url))

const mustLoad = [
  '001_acl-domain',
  '001_acl-method-header',
  '001_acl-path',
  '001_balance-algos',
  '001_http-checks',
  '001_http-lb',
  '002_check-inter',
  '002_full-example',
  '002_tcp-backend',
  '002_tcp-frontend',
  '004_acl-routing',
  '004_content-routing',
  '004_first-setup',
  '004_layer4-mysql',
]

const MOST_SHOWN = 4

const headlines: Readonly<Record<Outcome, string>> = {
  loads: 'loads',
  unsupported: 'unsupported:',
  elsewhere: 'needs what this machine lacks:',
  refused: 'rejected as HAProxy does:',
  purpose: 'rejected on purpose, though HAProxy takes it:',
  stricter: 'REJECTED, though HAProxy takes it:',
  crash: 'CRASH:',
}

function print(name: string, { outcome, alerts, warnings, accepted, thrown }: Verdict, folder: string): void {
  const aside =
    outcome === 'loads'
      ? `${warnings === 0 ? '' : ` (${warnings} warnings)`}${accepted === false ? ', which HAProxy refuses' : ''}`
      : ''
  console.log(`${name.padEnd(28)} ${headlines[outcome]}${aside}`)
  if (thrown !== undefined) console.log(`    ${thrown instanceof Error ? thrown.stack : String(thrown)}`)
  for (const alert of alerts.slice(0, MOST_SHOWN)) {
    const later = outcome === 'unsupported' ? needs(wordOf(alert)) : undefined
    const text = describe(alert).replaceAll(`${folder}/`, '').slice(0, 150)
    console.log(`    ${text}${later === undefined ? '' : `  (${later})`}`)
  }
  if (alerts.length > MOST_SHOWN) console.log(`    and ${alerts.length - MOST_SHOWN} more`)
}

/** HAProxy's verdicts on the files of a folder as its index has them: without what the machine that made it lacked. */
function indexOf(folder: string): ReadonlyMap<string, boolean> {
  const file = join(folder, 'INDEX.tsv')
  if (!existsSync(file)) return new Map()
  const rows = readFileSync(file, 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
  return new Map(
    rows.map(([name = '', verdict = '']) => [name, verdict !== 'removed-directive' && verdict !== 'broken']),
  )
}

function summarize(verdicts: ReadonlyMap<string, Verdict>): void {
  const all = [...verdicts.values()]
  const counts = Object.keys(headlines)
    .map((outcome) => `${all.filter((one) => one.outcome === outcome).length} ${outcome}`)
    .join(', ')
  console.log(`\n${all.length} files: ${counts}`)
  const waiting = new Map<string, number>()
  for (const { outcome, alerts } of all) {
    if (outcome !== 'unsupported') continue
    const reasons = new Set(alerts.map((alert) => needs(wordOf(alert)) ?? `'${wordOf(alert)}'`))
    for (const reason of reasons) waiting.set(reason, (waiting.get(reason) ?? 0) + 1)
  }
  const sorted = [...waiting].sort((left, right) => right[1] - left[1])
  if (sorted.length > 0)
    console.log(`they wait for: ${sorted.map(([reason, count]) => `${reason} (${count})`).join(', ')}`)
  console.log()
}

/** Tries a folder. */
async function tryFolder(folder: string): Promise<ReadonlyMap<string, Verdict>> {
  const verdicts = new Map<string, Verdict>()
  if (!existsSync(folder)) {
    console.log(`skipped: there is no ${folder}`)
    return verdicts
  }
  const index = indexOf(folder)
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.cfg'))) {
    const path = join(folder, file)
    const verdict = await judge(path, index.get(file), askHAProxy(path))
    verdicts.set(file.replace(/\.cfg$/, ''), verdict)
    print(file, verdict, folder)
  }
  summarize(verdicts)
  return verdicts
}

/** The golden cases, each as a file: tells where HAProxy judges otherwise. */
async function compareCases(): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'fairlead-cases-'))
  const folder = join(root, 'test/cases')
  let same = 0
  let all = 0
  for (const file of readdirSync(folder)) {
    for (const { line, config } of readCases(join(folder, file))) {
      const path = join(scratch, 'case.cfg')
      writeFileSync(path, config)
      const reference = askHAProxy(path)
      if (reference === undefined) continue
      const verdict = await judge(path, undefined, reference)
      all++
      if ((verdict.outcome === 'loads') === reference.accepts) same++
      else print(`${file}:${line}`, verdict, scratch)
    }
  }
  rmSync(scratch, { recursive: true })
  if (all === 0)
    console.log('skipped: HAProxy is not installed, so that the golden cases have nothing to be compared with')
  else console.log(`golden cases: HAProxy agrees on ${same} of ${all}`)
}

const seeds = await tryFolder(join(root, '../shared/seeds/configs'))
const corpus = await tryFolder(join(root, '../shared/corpus'))
await compareCases()
const missing = seeds.size === 0 ? [] : mustLoad.filter((name) => seeds.get(name)?.outcome !== 'loads')
if (missing.length > 0) console.log(`these must load, and do not: ${missing.join(', ')}`)
const wrong = [...seeds, ...corpus].filter(([, { outcome }]) => outcome === 'crash' || outcome === 'stricter')
if (wrong.length > 0)
  console.log(`these are wrong: ${wrong.map(([name, { outcome }]) => `${name} (${outcome})`).join(', ')}`)
if (missing.length + wrong.length > 0) process.exitCode = 1
