import t from 'tap'
import { unknownGlobal, unknownProxyWord } from '../../lib/config/keyword-table.js'
import { processKeywords, proxyKeywords } from '../../lib/config/keywords/index.js'
import { actionWords, bindWords, globalWords, proxyWords, serverWords } from '../../lib/config/vocabulary.js'

t.test("each keyword is for the sections that HAProxy's manual gives it", async (t) => {
  const own = new Set(['tcp-request connection', 'tcp-request content'])
  for (const [name, { sections }] of proxyKeywords) {
    const known = proxyWords.get(name)
    if (known === undefined || own.has(name)) continue
    // The manual's matrix of 3.5 and its reference disagree on this one; the program takes it everywhere.
    if (name === 'option tcplog') continue
    t.same([...sections].sort(), [...known].sort(), name)
  }
})

t.test('every keyword that is built is a word of HAProxy', async (t) => {
  for (const name of proxyKeywords.keys()) {
    const first = name.split(' ')[0] as string
    t.ok(
      [...proxyWords.keys()].some((word) => word === name || word.startsWith(`${first} `) || word === first),
      name,
    )
  }
  const older = ['nbproc', 'stats socket', 'stats timeout', 'stats maxconn', 'stats bind-process']
  for (const name of processKeywords.keys()) t.ok(globalWords.includes(name) || older.includes(name), name)
})

t.test('words are listed once', async (t) => {
  for (const words of [serverWords, bindWords, globalWords]) t.equal(new Set(words).size, words.length)
  t.ok(actionWords.get('deny')?.includes('http-request'))
})

t.test('a word that is known and not built is told from one that nobody knows', async (t) => {
  t.equal(unknownProxyWord(['cookie', 'x'], 'backend').message, "'cookie' is not supported yet")
  t.match(unknownProxyWord(['cookies', 'x'], 'backend'), {
    message: /^unknown keyword/,
    advice: "did you mean 'cookie' maybe ?",
  })
  t.equal(unknownGlobal(['lua-load'], processKeywords).message, "'lua-load' is not supported yet")
  t.match(unknownGlobal(['server'], processKeywords), { advice: "it belongs into 'listen' or 'backend' sections" })
})
