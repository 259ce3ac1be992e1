/**
 * `npm test`: runs every test that needs no other program, as many processes at a time as there are cores. Words name the files that are wanted.
 * Most files share a process with others of their room, since loading tap and the library takes longer than most of the tests. They are plain
 * processes, because the loader that tap's own runner puts into each (and into each that they start) triples their start-up.
 */
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { byRoom, runTests, testFiles } from './runner.js'

/** What takes long begins first, and by itself; so does what measures its own process. */
const ALONE = [
  'cli/fairlead.test.js',
  'language/language.test.js',
  'language/explain.test.js',
  'soak/aborts.test.js',
  'soak/upstream.test.js',
  'scenarios/chance.test.js',
  'scenarios/failure-run.test.js',
  'types/phases.test.js',
]
/** How many files share a process at most. */
const TOGETHER = 12

const folder = fileURLToPath(new URL('.', import.meta.url))
const words = process.argv.slice(2)
const wanted = testFiles(folder, ['bench', 'interop', 'seeds']).filter(
  (file) => words.length === 0 || words.some((word) => file.includes(word)),
)

process.exitCode = await runTests('tests', {
  files: [
    ...byRoom(
      ALONE.filter((file) => wanted.includes(file)),
      1,
    ),
    ...byRoom(
      wanted.filter((file) => !ALONE.includes(file)),
      TOGETHER,
    ),
  ],
  folder,
  program: fileURLToPath(new URL('together.js', import.meta.url)),
  // The compiled file lies in .build/test.
  cwd: fileURLToPath(new URL('../../', import.meta.url)),
  jobs: availableParallelism(),
  timeout: 60,
  print: (line) => console.log(line),
})
