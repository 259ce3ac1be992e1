import t from 'tap'
import { type Command, type CommandState, mayAt } from '../../lib/admin/command.js'
import { CommandTable } from '../../lib/admin/command-table.js'

const command = (words: string, extra: Partial<Command> = {}): Command => ({
  words: words.split(' '),
  usage: `${words} : does it`,
  level: 'user',
  run: () => words,
  ...extra,
})

const state: CommandState = {
  level: 'admin',
  mode: 'single',
  timed: false,
  severityOutput: 'none',
  expert: false,
  experimental: false,
  timeout: 1000,
}

const table = new CommandTable([
  command('show stat'),
  command('show'),
  command('clear table'),
  command('debug', { expert: true }),
  command('secret', { hidden: true }),
])

t.test('of the commands that fit, the one of most words is meant', async (t) => {
  t.same(table.find(['show', 'stat', 'up'])?.args, ['up'])
  t.same(table.find(['show', 'stat'])?.command.words, ['show', 'stat'])
  t.same(table.find(['show', 'it'])?.command.words, ['show'])
  t.equal(table.find(['sho']), undefined)
  t.equal(table.find([]), undefined)
  t.equal(table.find(['__proto__']), undefined)
  t.equal(table.find(['clear']), undefined)
})

t.test('of two with the same words the later one counts', async (t) => {
  const mine = command('show stat', { usage: 'mine' })
  t.equal(new CommandTable([command('show stat'), mine]).find(['show', 'stat'])?.command, mine)
})

t.test('help tells what there is, sorted, or what begins so', async (t) => {
  const told = (text: string) => text.split('\n').map((line) => line.trim().split(' :')[0]?.trim())
  const always = ['help [<command>]', 'prompt', 'quit', '']
  t.same(told(table.help([], state)).slice(1), ['clear table', 'show', 'show stat', ...always])
  t.same(told(table.help(['clear'], state)).slice(1), ['clear table', ...always])
  t.same(told(table.help(['quit'], state)).slice(1), always)
  t.match(table.help([], { ...state, expert: true }), /debug/)
  t.notMatch(table.help([], { ...state, expert: true, level: 'operator' }), /debug/)
  t.match(table.unknown([], state), /^Unknown command\. Please enter one of the following commands only:/)
  t.match(table.unknown(['shw', 'stat'], state), /better match:\n(?: {2}.*\n)* {2}show stat/)
})

t.test('guessing costs little, whatever is asked', async (t) => {
  t.match(table.unknown(['x'.repeat(100_000), ...new Array(10_000).fill('y')], state), /better match/)
})

t.test('levels', async (t) => {
  t.same(
    (['user', 'operator', 'admin'] as const).map((level) => mayAt(level, 'operator')),
    [false, true, true],
  )
})
