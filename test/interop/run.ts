/** `npm run test:interop`: runs the files of this folder one after the other against real programs, and sums up. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { root } from './support/proxy.js'

interface Sum {
  passed: number
  failed: number
  skipped: number
}

const folder = fileURLToPath(new URL('.', import.meta.url))

/** Counts the assertions of a TAP stream; a point with a duration only repeats what the points below it said. */
function count(line: string, sum: Sum, file: string): void {
  const point = /^( *)(not )?ok \d+ - (.*)$/.exec(line)
  if (point === null) return
  const [, indent, not, text] = point
  if (/ # SKIP/i.test(text!)) {
    sum.skipped++
    console.log(`skipped: ${file}: ${text!.replace(/ # SKIP */i, ': ')}`)
  } else if (!/ # time=/.test(text!)) {
    if (not === undefined) sum.passed++
    else sum.failed++
  }
  if (not !== undefined) console.log(`${indent}FAILED ${file}: ${text}`)
}

async function run(file: string, sum: Sum): Promise<void> {
  const began = performance.now()
  const before = { ...sum }
  const child = spawn(process.execPath, [join(folder, file)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TAP_TIMEOUT: '0' },
  })
  const exit = once(child, 'exit')
  const diagnosed: string[] = []
  for await (const line of createInterface({ input: child.stdout! })) {
    count(line, sum, file)
    if (process.env['FAIRLEAD_INTEROP_VERBOSE'] !== undefined) console.log(line)
    diagnosed.push(line)
  }
  const [code] = (await exit) as [number | null]
  if (code !== 0) {
    if (sum.failed === before.failed) sum.failed++
    if (process.env['FAIRLEAD_INTEROP_VERBOSE'] === undefined) console.log(diagnosed.join('\n'))
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(`${file}: ${sum.passed - before.passed} passed, ${sum.failed - before.failed} failed in ${seconds} s`)
}

const words = process.argv.slice(2)
const files = readdirSync(folder)
  .filter((file) => file.endsWith('.test.js') && (words.length === 0 || words.some((word) => file.includes(word))))
  .sort()
const sum: Sum = { passed: 0, failed: 0, skipped: 0 }
for (const file of files) await run(file, sum)
console.log(`interop: ${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`)
process.exitCode = sum.failed === 0 && files.length > 0 ? 0 : 1
