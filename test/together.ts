/** Runs test files one after the other in a process that loads tap and the library once. The folder and the files stand on its command line. */
import hooks from 'node:async_hooks'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BEGINS, ENDS } from './runner.js'

// tap follows every promise to know whose error one is that nobody caught, which takes up to half of the time. Here such an error ends the
// process, and the runner tells in which file.
const still: hooks.AsyncHook = { enable: () => still, disable: () => still }
hooks.createHook = () => still
syncBuiltinESMExports()

const [folder = '.', ...files] = process.argv.splice(2)
const pathOf = (file: string): string => join(folder, file)
// tap names its folders after the program.
process.argv[1] = pathOf(files[0] ?? '')
const { default: t } = await import('tap')
// tap makes an end as soon as it has nothing to do, where a file has asked for something at the end.
t.removeAllListeners('idle')

for (const file of files) {
  // For each anew.
  t.setTimeout(Number(process.env['TAP_TIMEOUT'] ?? 30) * 1000)
  t.comment(`${BEGINS}${file}`)
  await import(pathToFileURL(pathOf(file)).href)
  // Its turn comes when all tests of the file are done, or when one of them has made an end of everything.
  await t.test(file, { silent: true }, (t) => t.end())
  if (t.ended) break
  t.comment(`${ENDS}${file}`)
}
if (!t.ended) t.end()
