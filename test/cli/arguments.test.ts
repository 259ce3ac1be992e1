import t from 'tap'
import { type CommandLine, readArguments } from '../../lib/cli/arguments.js'

const read = (text: string) => readArguments(text === '' ? [] : text.split(' '))
const line = (text: string): CommandLine => {
  const found = read(text)
  if ('usage' in found) throw new Error(`refused: ${text}`)
  return found
}

t.test('files are gathered from -f and from all words behind --', async (t) => {
  t.same(line('-f a -f b -- c -d -e').files, ['a', 'b', 'c', '-d', '-e'])
})

t.test('an option is known by its first letters', async (t) => {
  t.equal(line('-check -f a').check, true)
  t.equal(line('-cv -f a').version, undefined)
  t.equal(line('-vc').version, 'short')
  t.equal(line('-vvv').version, 'long')
  t.equal(line('-ccc true').condition, 'true')
  t.same(line('-ccc true').check, false)
  t.same(line('-fglued -c').files, ['-c'])
})

t.test('-v is answered when it is met', async (t) => {
  t.equal(line('-v -zz').version, 'short')
  t.match(read('-zz -v'), { usage: true })
})

t.test('what cannot be used shows the usage', async (t) => {
  for (const text of [
    '',
    '-zz',
    'file',
    '-c',
    '-c --',
    '-c file',
    '-s',
    '--c',
    '-V',
    '-cc',
    '-L -f good.cfg',
    '-f',
    '-x',
    '-x -f a',
  ])
    t.match(read(text), { usage: true }, `'${text}'`)
})

t.test('values', async (t) => {
  const found = line('-n 20 -N 30 -m 40 -C /x -L me -p pid -S sock -x old -f a')
  t.match(found, { maxConnections: 20, proxyMaxConnections: 30, memory: 40, directory: '/x', localPeer: 'me' })
  t.match(found, { pidFile: 'pid', masterSocket: 'sock', takeOver: 'old', remarks: [] })
})

t.test('a number that is none is told of and ignored', async (t) => {
  const found = line('-n many -f a')
  t.equal(found.maxConnections, undefined)
  t.match(found.remarks, [/'-n many' is not a number/])
})

t.test('process ids end at the next option', async (t) => {
  t.match(line('-sf 1 2 -st 3 -f a'), { finish: [1, 2], terminate: [3], files: ['a'] })
  t.match(line('-sf -f a'), { finish: [] })
  t.match(read('-sf abc -f a'), { message: '-sf option: some bytes unconsumed in PID list {abc}', usage: false })
  t.match(read('-st 12x -f a'), { message: /\{12x\}/ })
})

t.test('modes', async (t) => {
  t.match(line('--re2 -f a'), { linearRegex: true, files: ['a'] })
  t.match(line('-db -dr -dV -dW -dD -f a'), {
    foreground: true,
    ignoreUnresolved: true,
    noServerVerify: true,
    zeroWarning: true,
    diagnostic: true,
    debug: false,
  })
  t.match(line('-d -f a'), { debug: true, foreground: false })
  t.match(line('-D -q -V -f a'), { daemon: true, quiet: true, verbose: true })
  t.equal(line('-W -f a').masterWorker, 'plain')
  t.equal(line('-Ws -f a').masterWorker, 'notify')
})

t.test('what tunes pollers and memory is accepted, what would show something is told of', async (t) => {
  t.match(line('-dM -dM0x50,tag -dI -dS -dG -de -dp -dk -dR -dZ -dF -f a'), { debug: false, remarks: [] })
  t.match(line('-dKall -dL -f a').remarks, [/'-dKall' is not supported yet/, /'-dL'/])
})
