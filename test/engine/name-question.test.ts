/** Questions over real sockets, to a name server that answers as it should and as it should not. */
import t from 'tap'
import { systemRandom } from '../../lib/base/random.js'
import type { DnsAnswer } from '../../lib/codec/dns-message.js'
import { type Asked, NameQuestion } from '../../lib/engine/name-question.js'
import { systemNetwork } from '../../lib/engine/network.js'
import { NameServer as Known } from '../../lib/match/name-server.js'
import { NameServer, type Said } from './support/name-server.js'

const asked: Asked = { name: 'api.example.com', type: 'A', payload: 1232, randomCase: true }
const good: Said = { answers: [{ name: 'api.example.com', type: 'A', data: '192.0.2.7' }] }

interface Asking {
  readonly answer: DnsAnswer | undefined
  readonly known: Known
}

function ask(address: string, what: Partial<Asked> = {}, source?: string): Promise<Asking> {
  const known = new Known({ name: 'ns', address, source })
  return new Promise((resolve) => {
    const world = { network: systemNetwork, random: systemRandom }
    new NameQuestion(world, known, { ...asked, ...what }, (answer) => resolve({ answer, known })).ask()
  })
}

const addressIn = (answer: DnsAnswer | undefined): unknown =>
  answer?.answers.map((one) => (one.type === 'A' ? one.address : one))

t.test('by UDP', async (t) => {
  await using server = await new NameServer(() => good).listen()
  const { answer, known } = await ask(server.address)
  t.strictSame(addressIn(answer), ['192.0.2.7'])
  t.match(server.questions, [{ type: 'A', by: 'udp', payload: 1232 }])
  t.match(known.figures, { sent: 1, invalid: 0, outdated: 0 })
})

t.test('every question has a number, a port and a spelling of its own', async (t) => {
  await using server = await new NameServer(() => good).listen()
  const rounds = 24
  for (let round = 0; round < rounds; round++) await ask(server.address)
  const { questions } = server
  t.ok(new Set(questions.map(({ id }) => id)).size > rounds - 3, 'numbers')
  t.ok(new Set(questions.map(({ port }) => port)).size > rounds / 2, 'ports')
  t.ok(new Set(questions.map(({ name }) => name)).size > rounds - 5, 'spellings')
})

t.test('from the address of ours that was said, by UDP and by TCP', async (t) => {
  await using server = await new NameServer(({ by }) => (by === 'udp' ? { truncated: true } : good), true).listen()
  await ask(server.address, {}, '127.0.0.9')
  t.match(server.questions, [
    { by: 'udp', address: '127.0.0.9' },
    { by: 'tcp', address: '127.0.0.9' },
  ])
  const { answer, known } = await ask(server.address, {}, '192.0.2.9')
  t.equal(answer, undefined, 'from one that is not ours, nothing is asked')
  t.match(known.figures, { sendErrors: 1 })
  t.throws(() => new Known({ name: 'ns', address: '127.0.0.1:53', source: '127.0.0.9:53' }), /without a port/)
  t.throws(() => new Known({ name: 'ns', address: '127.0.0.1:53', source: '::1' }), /other family/)
})

t.test('what is not whole is asked for again by TCP', async (t) => {
  await using server = await new NameServer(({ by }) => (by === 'udp' ? { truncated: true } : good), true).listen()
  const { answer, known } = await ask(server.address)
  t.strictSame(addressIn(answer), ['192.0.2.7'])
  t.strictSame(
    server.questions.map(({ by }) => by),
    ['udp', 'tcp'],
  )
  t.equal(known.figures.truncated, 1)
})

t.test('by TCP from the start, where that is said', async (t) => {
  await using server = await new NameServer(() => good, true).listen()
  const { answer } = await ask(`tcp@${server.address}`)
  t.strictSame(addressIn(answer), ['192.0.2.7'])
  t.strictSame(
    server.questions.map(({ by }) => by),
    ['tcp'],
  )
})

t.test('an answer in another spelling is not believed until TCP says the same', async (t) => {
  const lower: Said['bytes'] = (answer) => {
    const name = answer.toString('latin1', 13, 43).toLowerCase()
    return Buffer.concat([answer.subarray(0, 13), Buffer.from(name, 'latin1'), answer.subarray(43)])
  }
  await using server = await new NameServer(
    ({ by }) => (by === 'udp' ? { ...forged, bytes: lower } : good),
    true,
  ).listen()
  const { answer } = await ask(server.address, { name: 'api-with-a-very-long-name.example.com' })
  t.strictSame(addressIn(answer), ['192.0.2.7'])
  const plain = await ask(server.address, { name: 'api-with-a-very-long-name.example.com', randomCase: false })
  t.strictSame(addressIn(plain.answer), ['6.6.6.6'], 'unless it was not asked for')
})

const forged: Said = { answers: [{ name: 'api.example.com', type: 'A', data: '6.6.6.6' }] }

t.test(
  'what has another number, another question or no sense is passed over for the answer that follows',
  async (t) => {
    const number = (answer: Buffer): Buffer => {
      const wrong = Buffer.from(answer)
      wrong.writeUInt16BE(wrong.readUInt16BE(0) ^ 1, 0)
      return wrong
    }
    const other = (answer: Buffer): Buffer => {
      const wrong = Buffer.from(answer)
      wrong[13] = 'z'.charCodeAt(0)
      return wrong
    }
    const kind = (answer: Buffer): Buffer => {
      const wrong = Buffer.from(answer)
      wrong[12 + 17 + 1] = 28
      return wrong
    }
    const bytes: Said['bytes'] = (answer, query) => [
      number(answer),
      other(answer),
      kind(answer),
      query,
      Buffer.from('hello'),
      answer,
    ]
    await using server = await new NameServer(() => ({ ...good, bytes })).listen()
    const { answer, known } = await ask(server.address)
    t.strictSame(addressIn(answer), ['192.0.2.7'])
    t.match(known.figures, { outdated: 1, invalid: 4 })
  },
)

t.test('who guesses for long ends the question', async (t) => {
  const bytes: Said['bytes'] = (answer) => Array.from({ length: 40 }, () => answer.subarray(0, 5))
  await using server = await new NameServer(() => ({ ...good, bytes })).listen()
  const { answer, known } = await ask(server.address)
  t.equal(answer, undefined)
  t.equal(known.figures.invalid, 32)
})

t.test('nobody there', async (t) => {
  const closed = await new NameServer(() => good).listen()
  const { address } = closed
  await closed[Symbol.asyncDispose]()
  const byUdp = await ask(address)
  t.equal(byUdp.answer, undefined)
  t.equal(byUdp.known.figures.sendErrors, 1)
  const byTcp = await ask(`tcp@${address}`)
  t.equal(byTcp.answer, undefined)
  t.equal(byTcp.known.figures.sendErrors, 1)
})

t.test('what comes by TCP has to be the answer as well', async (t) => {
  const wrong: Said['bytes'] = (answer) => answer.subarray(0, 20)
  await using server = await new NameServer(() => ({ ...good, bytes: wrong }), true).listen()
  const { answer, known } = await ask(`tcp@${server.address}`)
  t.equal(answer, undefined)
  t.equal(known.figures.invalid, 1)
})
