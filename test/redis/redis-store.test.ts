import t from 'tap'
import { OptionError } from '../../lib/base/errors.js'
import { packBatch, unpackBatch } from '../../lib/redis/batch.js'
import { redisStore } from '../../lib/redis/index.js'
import { loadRedis, type RedisClient, RedisLink, type Word } from '../../lib/redis/link.js'
import { RedisSeat } from '../../lib/redis/seat.js'

t.test('options are checked, and the package is asked for by name', async (t) => {
  const url = 'redis://127.0.0.1:6379'
  t.match(redisStore({ url }), { interval: 100, gone: 5000, batch: 500 })
  t.match(redisStore({ url, interval: '1s' }), { interval: 1000, gone: 10_000 })
  const wrong = [
    [{ url: 'localhost' }, /'url'|url/],
    [{ url: 'http://127.0.0.1' }, /url/],
    [{ url, interval: 1 }, /interval.*10 ms/],
    [{ url, gone: 500 }, /gone.*10 intervals/],
    [{ url, batch: 0 }, /batch/],
    [{ url, namespace: 'a{b' }, /namespace/],
    [{ url, password: 'x' }, /no such option/],
  ] as const
  for (const [options, message] of wrong) {
    t.throws(() => redisStore(options as never), { name: OptionError.name, message })
  }
  const missing = Object.assign(new Error('none'), { code: 'MODULE_NOT_FOUND' })
  t.throws(
    () =>
      loadRedis(() => {
        throw missing
      }),
    /needs the package 'redis'.*npm install redis/,
  )
})

t.test('a batch is what it was, whatever its bytes; what is cut off is left out', async (t) => {
  const key = Buffer.from([0, 255, 13, 10])
  const batch = { changed: [{ key, value: Buffer.from([0, 1]) }], forgotten: [Buffer.from('gone'), Buffer.alloc(0)] }
  const bytes = packBatch(batch)
  t.strictSame(unpackBatch(bytes), batch)
  for (let length = 0; length < bytes.length; length++) {
    const { changed, forgotten } = unpackBatch(bytes.subarray(0, length))
    t.ok(changed.length === 0 && forgotten.length <= 2)
  }
  t.strictSame(unpackBatch(Buffer.alloc(40, 255)), { changed: [], forgotten: [] })
})

/** A client that is ready at once and answers each command by its first word. */
function seatOf(answers: Readonly<Record<string, unknown>>, asked: Word[][]): RedisSeat {
  const client: RedisClient = {
    isOpen: true,
    isReady: true,
    on: (event, listener) => event === 'ready' && listener(undefined),
    connect: async () => {},
    destroy: () => {},
    withTypeMapping: () => ({
      sendCommand: async (words) => {
        asked.push([...words])
        const answer = answers[String(words[0])]
        if (answer instanceof Error) throw answer
        return answer ?? null
      },
    }),
  }
  const link = new RedisLink({ createClient: () => client }, { url: 'redis://h', silence: 1, client: {} })
  const place = { table: 't', shape: 'ours', node: 'me', keep: 1000 }
  return new RedisSeat(link, { place, namespace: 'n', gone: 500, left: () => {} })
}

const text = Buffer.from
const entry = (id: string, node: string, number: number) => {
  const bytes = packBatch({ changed: [{ key: text('k'), value: text(String(number)) }], forgotten: [] })
  return [text(id), [text('n'), text(node), text('s'), text(String(number)), text('b'), bytes]]
}
const time = [text('5'), text('250000')]
const nothing = { anew: true, changed: [], forgotten: [] }

t.test('what others have told is read once; who is new or has told what was missed is read whole', async (t) => {
  const asked: Word[][] = []
  const answers: Record<string, unknown> = { TIME: time, GET: text('ours'), HGET: text('0') }
  const seat = seatOf(answers, asked)
  answers['XREAD'] = [[text('s'), [entry('5000-0', 'other', 1), entry('5100-0', 'me', 1), entry('5200-0', 'other', 2)]]]
  const heard = await seat.exchange(nothing)
  t.match(heard, { time: 5250, lost: false, more: false })
  t.equal(heard.nodes.length, 1)
  t.match(heard.nodes[0], { id: 'other', seen: 5200 })
  t.equal(String(heard.nodes[0]?.changed[0]?.value), '2', 'of several, the last')
  answers['HGET'] = text('1')
  answers['XREAD'] = [[text('s'), [entry('5300-0', 'other', 4)]]]
  t.equal((await seat.exchange({ ...nothing, anew: false })).more, true, 'the third is missing')
  answers['XREAD'] = null
  answers['HSCAN'] = [text('0'), [text('n'), text('4'), text('k\xff', 'latin1'), text('whole')]]
  answers['ZSCORE'] = text('5300')
  const whole = await seat.exchange({ ...nothing, anew: false })
  t.strictSame(whole.nodes[0]?.changed, [{ key: text('\xff', 'latin1'), value: text('whole') }])
  t.equal(whole.more, false)
  t.ok(asked.some(([word, stream, , , id]) => word === 'XREAD' && stream === 'COUNT' && id !== undefined))
  t.same(
    asked.filter(([word]) => word === 'XREAD').map((words) => words.at(-1)),
    ['0-0', '5200-0', '5300-0'],
  )
})

t.test('Redis has forgotten what was told, or has it from another: it is told anew', async (t) => {
  const answers: Record<string, unknown> = { TIME: time, GET: text('ours'), HGET: null }
  const seat = seatOf(answers, [])
  t.equal((await seat.exchange(nothing)).lost, false)
  answers['HGET'] = text('1')
  t.equal((await seat.exchange({ ...nothing, anew: false })).lost, false)
  answers['HGET'] = null
  t.equal((await seat.exchange({ ...nothing, anew: false })).lost, true)
  answers['GET'] = text('theirs')
  await t.rejects(seat.exchange(nothing), { name: 'SharedRefusal', message: /'theirs'.*'ours'/ })
  answers['GET'] = new Error('WRONGTYPE')
  await t.rejects(seat.exchange(nothing), /WRONGTYPE/)
})
