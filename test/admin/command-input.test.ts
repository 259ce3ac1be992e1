import t from 'tap'
import { CommandInput, type Given } from '../../lib/admin/command-input.js'

const limits = { line: 100, payload: 50 }

/** All that is complete. */
function taken(input: CommandInput): readonly (Given | 'more')[] {
  const all: (Given | 'more')[] = []
  for (let next = input.next(); next !== undefined; next = input.next()) all.push(next)
  return all
}

function read(...pieces: string[]): readonly (Given | 'more')[] {
  const input = new CommandInput(limits)
  return pieces.flatMap((piece) => {
    input.push(piece)
    return taken(input)
  })
}

const words = (...pieces: string[]) => read(...pieces).map((given) => (given === 'more' ? given : given.words))

t.test('commands end at line ends and at semicolons', async (t) => {
  t.same(words('show stat\n'), [['show', 'stat']])
  t.same(words('a b;c\nd\n'), [['a', 'b'], ['c'], ['d']])
  t.same(words('a\r\nb\r\n'), [['a'], ['b']])
  t.same(words(';\n'), [[], []])
  t.same(words('unfinished'), [])
  t.same(words('a;unfinished'), [['a']])
})

t.test('words stand between blanks; a backslash takes away what its letter means', async (t) => {
  t.same(words('  a \t b  \n'), [['a', 'b']])
  t.same(words('a\\ b c\n'), [['a b', 'c']])
  t.same(words('a\\;b;c\n'), [['a;b'], ['c']])
  t.same(words('a\\\\;b\n'), [['a\\'], ['b']])
  t.same(words('"a b"\n'), [['"a', 'b"']])
  t.same(words('a\0b\n'), [['a']])
})

t.test('pieces may end anywhere', async (t) => {
  const line = 'a\\;b c\\\\;d e\n'
  const whole = words(line)
  for (let cut = 1; cut < line.length; cut++) t.same(words(line.slice(0, cut), line.slice(cut)), whole, `cut at ${cut}`)
  t.same(words(...line), whole, 'byte by byte')
})

t.test('a payload goes on to an empty line, or to one that was named', async (t) => {
  t.same(read('add map m <<\na 1\nb 2\n\nshow map\n'), [
    'more',
    'more',
    'more',
    { words: ['add', 'map', 'm'], payload: 'a 1\nb 2\n' },
    { words: ['show', 'map'], payload: undefined },
  ])
  t.same(read('x <<END\na;b\n\nEND\n').at(-1), { words: ['x'], payload: 'a;b\n\n' })
  t.same(read('x <<\n\n').at(-1), { words: ['x'], payload: '' })
  t.same(words('x a<<\n'), [['x', 'a<<']], 'glued to a word it is one')
  t.same(words('x <<;y\n'), [['x', '<<'], ['y']], 'it belongs to the end of a line')
})

t.test('nothing is held that is too long', async (t) => {
  t.throws(() => read('x'.repeat(101)), { name: 'TooLong', message: 'line' })
  t.throws(() => read('x'.repeat(60), 'x'.repeat(60)), { name: 'TooLong', message: 'line' })
  t.throws(() => read(`x <<\n${'y'.repeat(20)}\n`, `${'y'.repeat(20)}\n${'y'.repeat(20)}\n`), {
    name: 'TooLong',
    message: 'payload',
  })
  t.same(words(`${'x'.repeat(100)}\n`).length, 1)
  t.same(words(`${'x;'.repeat(90)}\n`).length, 91, 'the limit is for each command')
})

t.test('it knows when all is done', async (t) => {
  const input = new CommandInput(limits)
  t.equal(input.empty, true)
  input.push('a\nb')
  taken(input)
  t.equal(input.empty, false)
  input.push('\nc <<\n')
  taken(input)
  t.equal(input.empty, false, 'a payload is under way')
  input.push('\n')
  taken(input)
  t.equal(input.empty, true)
})
