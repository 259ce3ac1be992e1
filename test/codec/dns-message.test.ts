/** Questions as bytes, and answers from bytes that were written by hand; then bytes of chance. */
import fc from 'fast-check'
import t from 'tap'
import { decodeAnswer, encodeQuestion, isName } from '../../lib/codec/dns-message.js'
import { answerBytes, readQuestion } from '../engine/support/name-server.js'

const question = encodeQuestion(0x1234, 'wWw.Example.com', 'A', 1232)

t.test('a question asks for one name, wants recursion, and says how much may come', async (t) => {
  t.equal(
    question.toString('hex'),
    `${'123401000001000000000001'}${'0377577707457861 6d706c6503636f6d00'.replaceAll(' ', '')}${'00010001'}${'00002904d000000000 0000'.replaceAll(' ', '')}`,
  )
  t.match(readQuestion(question, 'udp', 1), { id: 0x1234, name: 'wWw.Example.com', type: 'A', payload: 1232 })
})

t.test('records are read, the names of all of them in lower case', async (t) => {
  const answer = answerBytes(question, {
    answers: [
      { name: 'WWW.example.com', type: 'CNAME', data: 'A.example.com' },
      { name: 'a.EXAMPLE.com', type: 'A', data: '192.0.2.7' },
      { name: 'a.example.com', type: 'AAAA', data: '2001:db8::9' },
      { name: '_x._tcp.b', type: 'SRV', data: { priority: 5, weight: 65_535, port: 8080, target: 'A.b' } },
    ],
    additionals: [{ name: 'a.b', type: 'A', data: '192.0.2.8' }],
  })
  t.strictSame(decodeAnswer(answer), {
    id: 0x1234,
    code: 0,
    truncated: false,
    question: { name: 'wWw.Example.com', type: 'A' },
    answers: [
      { name: 'www.example.com', type: 'CNAME', target: 'a.example.com' },
      { name: 'a.example.com', type: 'A', address: '192.0.2.7' },
      { name: 'a.example.com', type: 'AAAA', address: '2001:db8::9' },
      { name: '_x._tcp.b', type: 'SRV', priority: 5, weight: 65_535, port: 8080, target: 'a.b' },
    ],
    additionals: [{ name: 'a.b', type: 'A', address: '192.0.2.8' }],
  })
})

t.test('names that point at others are followed, in circles they are not', async (t) => {
  const pointing = answerBytes(question, { answers: [{ name: 'x', type: 'A', data: '192.0.2.7' }] })
  const name = pointing.length - 14 - 3
  const compressed = Buffer.concat([pointing.subarray(0, name), Buffer.from([0xc0, 12]), pointing.subarray(name + 3)])
  t.equal(decodeAnswer(compressed)?.answers[0]?.name, 'www.example.com')
  const circle = Buffer.concat([pointing.subarray(0, name), Buffer.from([0xc0, name]), pointing.subarray(name + 3)])
  t.equal(decodeAnswer(circle), undefined)
})

t.test('codes, and that it is not whole', async (t) => {
  t.match(decodeAnswer(answerBytes(question, { rcode: 'NXDOMAIN' })), { code: 3 })
  t.match(decodeAnswer(answerBytes(question, { rcode: 'REFUSED', truncated: true })), { code: 5, truncated: true })
})

t.test('a question is no answer, and no answer holds more than it has room for', async (t) => {
  t.equal(decodeAnswer(question), undefined)
  const greedy = answerBytes(question, {})
  greedy.writeUInt16BE(65_535, 6)
  t.equal(decodeAnswer(greedy), undefined)
  t.equal(decodeAnswer(Buffer.alloc(0)), undefined)
})

t.test('bytes of chance never throw', async (t) => {
  const whole = answerBytes(question, {
    answers: [
      { name: 'www.example.com', type: 'CNAME', data: 'a.example.com' },
      { name: 'a.example.com', type: 'SRV', data: { weight: 1, port: 80, target: 'b.example.com' } },
    ],
    additionals: [{ name: 'b.example.com', type: 'AAAA', data: '::1' }],
  })
  const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255))
  fc.assert(
    fc.property(fc.array(change, { maxLength: 6 }), fc.nat(whole.length), (changes, length) => {
      const bytes = Buffer.from(whole)
      for (const [at, byte] of changes) bytes[at] = byte
      decodeAnswer(bytes.subarray(0, length))
    }),
    { numRuns: 3000 },
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      decodeAnswer(Buffer.from(bytes))
    }),
    { numRuns: 1000 },
  )
  t.pass()
})

t.test('what can be asked for', async (t) => {
  for (const name of ['a', 'a.b', 'a.b.', '_http._tcp.x', 'xn--a', '1.2']) t.ok(isName(name), name)
  for (const name of ['', '.', '.a', 'a..b', 'a b', 'a'.repeat(64), `${'a.'.repeat(127)}aa`])
    t.notOk(isName(name), name)
})
