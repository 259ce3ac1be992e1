import t from 'tap'
import { runTests, testFiles } from './runner.js'

const good = "console.log('ok 1 - fine\\n1..1')"
const files = {
  'a.test.js': good,
  room: {
    'fails.test.js': "console.log('    not ok 1 - broken\\nnot ok 1 - group # time=1ms\\n1..1'); process.exitCode = 1",
    'ends-early.test.js': "console.log('ok 1 - first')",
    'throws.test.js': "console.log('ok 1 - first\\n1..1'); process.exitCode = 3",
    'skips.test.js': "console.log('ok 1 - later # SKIP not here\\nok 2 - now\\n1..2')",
    'support.js': good,
  },
  other: { 'b.test.js': good },
}

t.test('every file counts, and whatever goes wrong is told and gives status 1', async (t) => {
  const folder = t.testdir(files)
  const found = testFiles(folder, ['other'])
  t.same(
    found,
    ['a', 'room/ends-early', 'room/fails', 'room/skips', 'room/throws'].map((name) => `${name}.test.js`),
  )
  const lines: string[] = []
  const run = { folder, cwd: folder, jobs: 2, timeout: 30, print: (line: string) => lines.push(line) }
  t.equal(await runTests('all', { ...run, files: found }), 1)
  t.equal(lines.at(-1), 'all: 4 passed, 3 failed, 1 skipped')
  t.ok(lines.includes('    FAILED room/fails.test.js: broken'))
  t.ok(lines.includes('FAILED room/ends-early.test.js: ended before its tests'))
  t.ok(lines.includes('FAILED room/throws.test.js: exit status 3'))
  t.ok(lines.includes('skipped: room/skips.test.js: later: not here'))
})

t.test('status 0 takes files, and all of them', async (t) => {
  const folder = t.testdir(files)
  const lines: string[] = []
  const run = { folder, cwd: folder, jobs: 1, timeout: 30, print: (line: string) => lines.push(line) }
  t.equal(await runTests('good', { ...run, files: ['a.test.js', 'other/b.test.js'] }), 0)
  t.match(lines.at(0), /^a\.test\.js: 1 passed, 0 failed in [\d.]+ s$/)
  t.equal(lines.at(-1), 'good: 2 passed, 0 failed, 0 skipped')
  t.equal(await runTests('none', { ...run, files: [] }), 1)
})
