// biome-ignore-all lint/suspicious/noTemplateCurlyInString: environment variables of a haproxy.cfg
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { capabilities } from '../../lib/config/capabilities.js'
import { Diagnostics, describe, haproxyText } from '../../lib/config/diagnostic.js'
import { Environment } from '../../lib/config/environment.js'
import { open, read } from '../../lib/config/reader.js'

const reading = (variables: Readonly<Record<string, string>> = {}) => ({
  diagnostics: new Diagnostics(),
  environment: new Environment(variables),
  capabilities: capabilities(),
})

const lines = (text: string, variables?: Readonly<Record<string, string>>) => {
  const around = reading(variables)
  const statements = [...read({ name: 'x.cfg', text }, around)].map(({ line, prefix, words }) =>
    [line, ...(prefix === undefined ? [] : [prefix]), '|', ...words].join(' '),
  )
  return { statements, faults: around.diagnostics.all.map(describe), all: around.diagnostics.all }
}

t.test('conditional blocks keep and drop lines, nested ones too', async (t) => {
  const { statements, faults } = lines(
    [
      '.if streq("$A",yes) # comment',
      ' one',
      '.elif 1',
      ' two',
      ' .if defined(A)',
      '  three',
      ' .else',
      '  four',
      '  .if 0',
      '  five',
      '  .endif',
      ' .endif',
      '.elif nope(',
      ' six',
      '.else',
      ' .foo',
      '.endif',
      'seven',
    ].join('\n'),
  )
  t.same(statements, ['4 | two', '8 | four', '18 | seven'])
  t.same(faults, [], 'what stands in a branch that does not count is not looked at')
})

t.test('faults of blocks are told where they are', async (t) => {
  const { faults } = lines('.endif\n.else\n.if nope(1)\n.else\n.else\n.elif 1\n.wat\n.if 1\n.alert a b\n.alert stop')
  t.same(faults, [
    "x.cfg:1: lone '.endif' with no matching '.if'.",
    "x.cfg:2: lone '.else' with no matching '.if'.",
    "x.cfg:3: unparsable conditional expression 'nope(1)' in '.if' at position 1:\n  .if nope(1)\n      ^",
    "x.cfg:5: '.else' after '.else' is not permitted.",
    "x.cfg:6: '.elif' after '.else' is not permitted.",
    "x.cfg:7: unknown directive '.wat'.",
    "x.cfg:9: Unexpected argument 'b' for '.alert'. Use quotes if the message should contain spaces.",
    "x.cfg:10: 'stop'.",
    "x.cfg:3: non-terminated '.if' block; close it with '.endif'",
    "x.cfg:8: non-terminated '.if' block; close it with '.endif'",
  ])
})

t.test('messages have their severity', async (t) => {
  const { all } = lines('.notice "a b"\n.warning b\n.alert c\n.diag d')
  t.same(
    all.map(({ severity, message }) => `${severity} ${message}`),
    ["notice 'a b'.", "warning 'b'.", "alert 'c'.", "diag 'd'."],
  )
})

t.test('CRLF, a missing final newline, a byte order mark and pseudo-variables', async (t) => {
  const { statements, faults } = lines(
    '\xef\xbb\xbfglobal\r\n  node "${.FILE}-${.LINE}-${.SECTION}"\r\nbackend "b 1"\n x "$.SECTION"',
  )
  t.same(statements, ['1 | global', '2 | node x.cfg-2-global', '3 | backend b 1', '4 | x b 1'])
  t.same(faults, [])
})

t.test("'no' and 'default' are taken off where they may stand", async (t) => {
  const { statements, faults } = lines('no option x\ndefault option y\nno log\nno timeout client\nno\ndefault')
  t.same(statements.slice(0, 3), ['1 no | option x', '2 default | option y', '3 no | log'])
  t.equal(faults.length, 2)
  t.match(faults[0], /^x\.cfg:4: negation\/default currently supported only for option, log, .*; remove 'no'$/)
})

t.test('lexical faults are shown as HAProxy shows them', async (t) => {
  const { faults, all } = lines('global\n   foo "bar\n bar')
  t.same(faults, ['x.cfg:2: unmatched quote at position 8:\n  foo "bar\n      ^'])
  t.equal(haproxyText(all[0]!), 'config : parsing [x.cfg:2] : unmatched quote at position 8:\n  foo "bar\n      ^')
})

t.test('a folder stands for its visible .cfg files in byte order; what cannot be opened is told', async (t) => {
  const folder = t.testdir({ 'b.cfg': 'b', 'B.cfg': 'B', 'a.cfg': 'a', '.h.cfg': 'h', 'x.conf': 'x' })
  mkdirSync(join(folder, 'sub.cfg'))
  writeFileSync(join(folder, 'é.cfg'), 'é')
  const diagnostics = new Diagnostics()
  const sources = open([folder, join(folder, 'nope.cfg'), join(folder, 'a.cfg')], diagnostics)
  t.same(
    sources.map(({ text }) => text),
    ['B', 'a', 'b', '\xc3\xa9', 'a'],
  )
  t.same(diagnostics.all.map(describe), [
    `Cannot open configuration file/directory ${join(folder, 'nope.cfg')} : No such file or directory`,
  ])
})
