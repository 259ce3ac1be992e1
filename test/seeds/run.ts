/**
 * `npm run test:seeds`: tries the loader on the tutorials' configurations and on those found in the wild, where these folders lie beside the
 * project, and on the golden cases. Where HAProxy is installed, its verdict stands next to ours. Some must load, and this fails if they do not.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ConfigError, type Diagnostic, describe, loadConfig } from '../../lib/config/index.js'
import { readCases } from '../config/case.js'

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

interface Verdict {
  readonly loads: boolean
  readonly said: readonly Diagnostic[]
}

async function ours(path: string): Promise<Verdict> {
  try {
    const { diagnostics } = await loadConfig(path)
    return { loads: true, said: diagnostics }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { loads: false, said: error.diagnostics }
  }
}

const haproxy = spawnSync('haproxy', ['-v']).status === 0

/** What HAProxy says: whether it loads (2 is "valid, but no listener"), and its first fault. */
function theirs(path: string): string {
  if (!haproxy) return ''
  const { status, stderr } = spawnSync('haproxy', ['-c', '-f', path], { encoding: 'utf8', cwd: tmpdir() })
  if (status === 0 || status === 2) return 'HAProxy loads it'
  const fault = /\[ALERT\] +\(\d+\) : config : (.*)/.exec(stderr)?.[1] ?? ''
  return `HAProxy refuses it: ${fault.replaceAll(path, '').slice(0, 110)}`
}

function print(name: string, { loads, said }: Verdict, other: string, folder: string): void {
  const alerts = said.filter((one) => one.severity === 'alert')
  const warnings = said.length - alerts.length
  const state = loads ? `loads${warnings === 0 ? '' : `, ${warnings} warnings`}` : `${alerts.length} faults`
  console.log(`${name.padEnd(28)} ${state.padEnd(22)} ${other}`)
  for (const alert of alerts.slice(0, 3)) console.log(`    ${describe(alert).replace(`${folder}/`, '').slice(0, 150)}`)
}

/** Tries a folder. @returns the names of the files that load */
async function tryFolder(folder: string): Promise<ReadonlySet<string>> {
  const loaded = new Set<string>()
  if (!existsSync(folder)) {
    console.log(`skipped: there is no ${folder}`)
    return loaded
  }
  const files = readdirSync(folder).filter((name) => name.endsWith('.cfg'))
  for (const file of files) {
    const path = join(folder, file)
    const verdict = await ours(path)
    if (verdict.loads) loaded.add(file.replace(/\.cfg$/, ''))
    print(file, verdict, theirs(path), folder)
  }
  console.log(`${loaded.size} of ${files.length} load\n`)
  return loaded
}

/** The golden cases, each as a file: tells where HAProxy judges otherwise. */
async function compareCases(): Promise<void> {
  if (!haproxy)
    return console.log('skipped: HAProxy is not installed, so that the golden cases have nothing to be compared with')
  const scratch = mkdtempSync(join(tmpdir(), 'fairlead-cases-'))
  const folder = join(root, 'test/cases')
  let same = 0
  let all = 0
  for (const file of readdirSync(folder)) {
    for (const { line, config } of readCases(join(folder, file))) {
      const path = join(scratch, 'case.cfg')
      writeFileSync(path, config)
      const verdict = await ours(path)
      const other = theirs(path)
      all++
      if (verdict.loads === (other === 'HAProxy loads it')) same++
      else print(`${file}:${line}`, verdict, other, scratch)
    }
  }
  rmSync(scratch, { recursive: true })
  console.log(`golden cases: HAProxy agrees on ${same} of ${all}`)
}

const seeds = await tryFolder(join(root, '../shared/seeds/configs'))
await tryFolder(join(root, '../shared/corpus'))
await compareCases()
const missing = seeds.size === 0 ? [] : mustLoad.filter((name) => !seeds.has(name))
if (missing.length > 0) {
  console.log(`these must load, and do not: ${missing.join(', ')}`)
  process.exitCode = 1
}
