/**
 * `npm test`: runs every test that needs no other program, as many files at a time as there are cores. Words name the files that are wanted.
 * They are plain processes, because the loader that tap's own runner puts into each (and into each that they start) triples their start-up.
 */
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { runTests, testFiles } from './runner.js'

const folder = fileURLToPath(new URL('.', import.meta.url))
const words = process.argv.slice(2)

process.exitCode = await runTests('tests', {
  files: testFiles(folder, ['bench', 'interop', 'seeds']).filter(
    (file) => words.length === 0 || words.some((word) => file.includes(word)),
  ),
  folder,
  // The compiled file lies in .build/test.
  cwd: fileURLToPath(new URL('../../', import.meta.url)),
  jobs: availableParallelism(),
  timeout: 60,
  print: (line) => console.log(line),
})
