import { fileURLToPath } from 'node:url'
import t from 'tap'
import { byRoom, runTests, testFiles } from './runner.js'

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
  t.equal(await runTests('all', { ...run, files: byRoom(found, 1) }), 1)
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
  t.equal(await runTests('good', { ...run, files: [['a.test.js'], ['other/b.test.js']] }), 0)
  t.match(lines.at(0), /^a\.test\.js: 1 passed, 0 failed in [\d.]+ s$/)
  t.equal(lines.at(-1), 'good: 2 passed, 0 failed, 0 skipped')
  t.equal(await runTests('none', { ...run, files: [] }), 1)
})

const tap = "import t from 'tap'\n"
const shared = {
  'a.test.js': `${tap}t.teardown(() => {})\nt.test('a', async (t) => { t.pass(); t.pass() })`,
  'b-fails.test.js': `${tap}t.test('b', async (t) => { t.pass(); t.fail('broken') })`,
  'c-empty.test.js': `${tap}t.test('c', (t) => { t.plan(2); t.pass(); t.end() })`,
  'd-throws.test.js': `${tap}t.test('d', async (t) => { t.pass(); setImmediate(() => { throw new Error('late') }); await new Promise(() => {}) })`,
  'e-absent.test.js': "import './absent.js'",
  'f-ends.test.js': `${tap}t.test('f', async (t) => { t.pass(); process.exit(0) })`,
  'g-waits.test.js': `${tap}t.test('g', async (t) => { t.pass(); await new Promise(() => {}) })`,
  'h-skips.test.js': `${tap}t.test('h', async (t) => { t.pass('now'); t.pass('later', { skip: 'not here' }) })`,
  'i.test.js': `${tap}await new Promise((resolve) => setImmediate(resolve))\nt.equal(process.argv.length, 2)`,
}

t.test('files that share a process are told apart, and one that ends it keeps none from running', async (t) => {
  const folder = t.testdir(shared)
  const lines: string[] = []
  const status = await runTests('all', {
    files: byRoom(testFiles(folder), 20),
    folder,
    program: fileURLToPath(new URL('together.js', import.meta.url)),
    cwd: process.cwd(),
    jobs: 1,
    timeout: 30,
    print: (line) => lines.push(line),
  })
  t.equal(status, 1)
  const sums = lines.filter((line) => / in [\d.]+ s$/.test(line)).map((line) => line.replace(/ in .*/, ''))
  t.same(sums, [
    'a.test.js: 2 passed, 0 failed',
    'b-fails.test.js: 1 passed, 1 failed',
    'c-empty.test.js: 1 passed, 1 failed',
    'd-throws.test.js: 1 passed, 2 failed',
    'e-absent.test.js: 0 passed, 1 failed',
    'f-ends.test.js: 1 passed, 1 failed',
    'g-waits.test.js: 1 passed, 2 failed',
    'h-skips.test.js: 1 passed, 0 failed',
    'i.test.js: 1 passed, 0 failed',
  ])
  t.equal(lines.at(-1), 'all: 9 passed, 8 failed, 1 skipped')
  t.ok(lines.includes('    FAILED b-fails.test.js: broken'))
})

t.test('what goes wrong when all files of a process are done is told of all of them', async (t) => {
  const folder = t.testdir({
    'a.test.js': `${tap}t.test('a', async (t) => { t.pass() })\nprocess.on('exit', () => { process.exitCode = 3 })`,
    'b.test.js': `${tap}t.test('b', async (t) => { t.pass() })`,
  })
  const lines: string[] = []
  const run = { folder, cwd: process.cwd(), jobs: 1, timeout: 30, print: (line: string) => lines.push(line) }
  const program = fileURLToPath(new URL('together.js', import.meta.url))
  t.equal(await runTests('all', { ...run, program, files: byRoom(testFiles(folder), 2) }), 1)
  t.equal(lines.at(-1), 'all: 2 passed, 1 failed, 0 skipped')
  t.ok(lines.includes('FAILED a.test.js, b.test.js: exit status 3'))
})

t.test('lists of files are of one room, and not too long', async (t) => {
  t.same(byRoom(['a.test.js', 'b.test.js', 'x/a.test.js', 'x/y/a.test.js', 'x/z.test.js', 'z/a.test.js'], 2), [
    ['a.test.js', 'b.test.js'],
    ['x/a.test.js', 'x/y/a.test.js'],
    ['x/z.test.js'],
    ['z/a.test.js'],
  ])
})
