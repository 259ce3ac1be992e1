/** `npm run test:interop`: runs the files of this folder, two at a time since most wait more than they work, against real programs, and sums up. Words name those that are wanted. */
import { fileURLToPath } from 'node:url'
import { byRoom, runTests, testFiles } from '../runner.js'
import { root } from './support/proxy.js'

const folder = fileURLToPath(new URL('.', import.meta.url))
const words = process.argv.slice(2)

process.exitCode = await runTests('interop', {
  files: byRoom(
    testFiles(folder).filter((file) => words.length === 0 || words.some((word) => file.includes(word))),
    1,
  ),
  folder,
  cwd: root,
  jobs: 2,
  timeout: 0,
  verbose: process.env['FAIRLEAD_INTEROP_VERBOSE'] !== undefined,
  print: (line) => console.log(line),
})
