/** Bodies that rules in code read or send through a transform, and what becomes of them. */
import {
  Backend,
  deny,
  Frontend,
  path,
  respond,
  rule,
  Server,
  setHeader,
  transformRequestBody,
  transformResponseBody,
  waitForBody,
} from '../../lib/index.js'
import { reply } from '../../lib/testing/index.js'
import { scenario } from './support/scenario.js'
import { BIND, get, last, ok, simple } from './support/site.js'

const post = (target: string, body: string, length = body.length, fields = ''): string =>
  `POST ${target} HTTP/1.1\r\nHost: example.test\r\nContent-Length: ${length}\r\n${fields}\r\n${body}`

const upper = (): TransformStream<Uint8Array, Uint8Array> =>
  new TransformStream({
    transform: (chunk, controller) =>
      controller.enqueue(new TextEncoder().encode(new TextDecoder().decode(chunk).toUpperCase())),
  })

const reading = rule('reading', async ({ request, readBody }) => {
  const body = await readBody(100)
  if (body.includes('evil')) return deny()
  request.headers.set('x-read', body.toString())
  return undefined
})

scenario(
  'a rule reads a body, and the server gets it all the same',
  simple(['a'], { httpRequest: [reading] }),
  { a: ({ request }) => reply(200, `${request.headers.get('x-read')} ${request.body}`) },
  async (t, rig) => {
    const client = await rig.client()
    client.send(post('/', '', 5))
    await rig.settle()
    client.send('he')
    await rig.settle()
    client.send('llo')
    await rig.when(() => client.received.includes('hello hello'))
    client.send(post('/', 'evil!'))
    await rig.when(() => client.received.includes('403'))
    client.send(last('/'))
    await rig.when(() => client.ended)
    t.same(
      rig.records.map(({ status, termination }) => [status, termination]),
      [
        [200, '--'],
        [403, 'PR'],
        [200, '--'],
      ],
    )
  },
)

scenario(
  'a body that is longer than a rule would read',
  simple(['a'], {
    httpRequest: [
      rule('guarded', async ({ readBody }) => {
        try {
          await readBody(3)
        } catch {
          return respond(400, { body: 'caught' })
        }
        return undefined
      }).if(path.is('/guarded')),
      reading,
    ],
  }),
  { a: ({ request }) => reply(200, `${request.body.length}`) },
  async (t, rig) => {
    const long = await rig.client()
    long.send(post('/', 'x'.repeat(101)))
    await rig.when(() => long.received.includes('413 '))
    const chunked = await rig.client()
    chunked.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
    chunked.send(`65\r\n${'x'.repeat(101)}\r\n0\r\n\r\n`)
    await rig.when(() => chunked.received.includes('413 '))
    const guarded = await rig.client()
    guarded.send(post('/guarded', 'four'))
    await rig.when(() => guarded.received.includes('caught'))
    const fitting = await rig.client()
    fitting.send(post('/', 'y'.repeat(100)))
    await rig.when(() => fitting.received.endsWith('100'))
    t.match(rig.records[0], { status: 413, termination: 'PR' })
  },
)

scenario(
  'a client that leaves while a rule reads its body',
  simple(['a'], { httpRequest: [reading] }),
  { a: () => reply(200) },
  async (t, rig) => {
    const client = await rig.client()
    client.send(post('/', 'he', 5))
    await rig.settle()
    client.destroy()
    await rig.when(() => rig.records.length === 1)
    t.match(rig.records[0], { termination: 'CR' })
    t.same(rig.faults, [])
  },
)

scenario(
  'a rule waits for a body until it is late',
  simple(['a'], { httpRequest: [waitForBody('2s').if(path.is('/all')), waitForBody('2s', { atLeast: 2 })] }),
  { a: ({ request }) => reply(200, request.body) },
  async (t, rig) => {
    const late = await rig.client()
    late.send(post('/all', 'hel', 5))
    await rig.settle()
    await rig.advance(1999)
    t.equal(late.received, '')
    await rig.advance(1)
    await rig.when(() => late.received.includes('408 '))
    const enough = await rig.client()
    enough.send(post('/', 'hel', 5))
    await rig.settle()
    enough.send('lo')
    await rig.when(() => enough.received.endsWith('hello'))
    t.match(rig.records, [{ status: 408, termination: 'cR' }, { status: 200 }])
  },
)

scenario(
  'a client that wants to be asked for its body is asked',
  simple(['a'], { bufferRequest: true }),
  { a: ({ request }) => reply(200, `${request.headers.has('expect')} ${request.body}`) },
  async (t, rig) => {
    const client = await rig.client()
    client.send(post('/', '', 5, 'Expect: 100-continue\r\n'))
    await rig.when(() => client.received === 'HTTP/1.1 100 Continue\r\n\r\n')
    client.send('hello')
    await rig.when(() => client.received.endsWith('false hello'))
    t.equal(rig.records.length, 1)
  },
)

scenario(
  'a body that the buffer does not hold is passed on in full',
  simple(['a'], { bufferRequest: true, httpRequest: [setHeader('x-seen', 'yes')] }),
  { a: ({ request }) => reply(200, `${request.body.length}`) },
  async (t, rig) => {
    const client = await rig.client()
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\nConnection: close\r\n\r\n')
    client.pour(3_000_000)
    await rig.when(() => client.received.endsWith('3000000'))
    t.match(rig.records.at(-1), { status: 200, termination: '--' })
  },
)

scenario(
  'a response that a rule reads',
  simple(['a'], {
    httpResponse: [
      rule('telling', async ({ response, readBody }) => {
        response?.headers.set('x-body', (await readBody(10)).toString())
      }),
    ],
  }),
  { a: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    client.send(get('/'))
    await rig.when(() => rig.origin('a')[0]?.received.endsWith('\r\n\r\n') === true)
    const [origin] = rig.origin('a')
    origin?.send('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe')
    await rig.settle()
    t.equal(client.received, '')
    origin?.send('llo')
    await rig.when(() => client.received.endsWith('hello'))
    t.match(client.received, /x-body: hello\r\n/)
    client.send(get('/'))
    await rig.when(() => origin?.received.match(/\r\n\r\n/g)?.length === 2)
    origin?.send(ok('far too long'))
    await rig.when(() => client.received.includes('502 '))
    client.send(get('/'))
    await rig.when(() => rig.origin('a').length === 2 || origin?.received.match(/\r\n\r\n/g)?.length === 3)
    const second = rig.origin('a').at(-1)
    second?.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n')
    await rig.when(() => client.received.endsWith('3\r\nabc\r\n0\r\nx-t: 1\r\n\r\n'))
    t.match(rig.records, [{ status: 200 }, { status: 502, termination: 'PH' }, { status: 200 }])
  },
)

scenario(
  'bodies go through transforms, and their length with them',
  simple(['a'], {
    httpRequest: [transformRequestBody(upper), transformRequestBody(upper)],
    httpResponse: [transformResponseBody(upper)],
  }),
  { a: ({ request }) => reply(200, `${request.headers.get('transfer-encoding')} ${request.body} ${request.target}`) },
  async (t, rig) => {
    const client = await rig.client()
    client.send(post('/', 'hel', 5))
    await rig.settle()
    client.send('lo')
    await rig.when(() => client.received.endsWith('\r\n0\r\n\r\n'))
    t.match(client.received, /transfer-encoding: chunked\r\n[\s\S]*CHUNKED HELLO \//)
    client.send('POST /old HTTP/1.0\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi')
    await rig.when(() => client.ended)
    t.match(client.received, /\r\n\r\nCHUNKED HI \/OLD$/)
    t.match(rig.records, [{ termination: '--' }, { termination: '--' }])
  },
)

let opened: () => void = () => {}

scenario(
  'a large body goes through a transform without being held',
  simple(['a'], {
    httpRequest: [
      transformRequestBody(() => {
        const open = new Promise<void>((resolve) => {
          opened = resolve
        })
        return new TransformStream<Uint8Array, Uint8Array>({
          transform: async (chunk, controller) => {
            await open
            controller.enqueue(chunk)
          },
        })
      }),
    ],
  }),
  { a: 'manual' },
  async (t, rig) => {
    const client = await rig.client()
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n')
    const poured = client.pour(20_000_000)
    await rig.when(() => rig.origin('a').length === 1)
    const origin = rig.origin('a')[0]
    await rig.settle()
    t.ok(poured.taken() < 20_000_000, 'who sends has to wait for the transform')
    opened()
    await rig.when(() => (origin?.count ?? 0) > 20_000_000)
    origin?.send(ok('done'))
    await rig.when(() => client.received.endsWith('done'))
  },
)

scenario(
  'a transform that fails',
  (at) =>
    new Frontend('fe', {
      bind: BIND,
      httpRequest: [
        transformRequestBody(() => {
          throw new Error('no transform')
        }).if(path.is('/made')),
        transformRequestBody(
          () =>
            new TransformStream({
              transform: () => {
                throw new Error('no piece')
              },
            }),
        ).if(path.is('/piece')),
      ],
      defaultBackend: new Backend('be', {
        servers: [new Server('a', at('a'))],
        httpResponse: [
          transformResponseBody(
            () =>
              new TransformStream({
                transform: () => {
                  throw new Error('no answer')
                },
              }),
          ).if(path.is('/answer')),
        ],
      }),
    }),
  { a: ({ request }) => reply(200, `got ${request.body}`) },
  async (t, rig) => {
    const made = await rig.client()
    made.send(post('/made', 'hello'))
    await rig.when(() => made.received.includes('500 '))
    const piece = await rig.client()
    piece.send(post('/piece', 'hello'))
    await rig.when(() => piece.received.includes('500 '))
    const answer = await rig.client()
    answer.send(post('/answer', 'hello'))
    await rig.when(() => answer.closed || answer.ended)
    t.notMatch(answer.received, /got/)
    const fine = await rig.client()
    fine.send(post('/', 'hello'))
    await rig.when(() => fine.received.endsWith('got hello'))
    t.match(rig.faults.map(String), [/no transform/, /no piece/, /no answer/])
  },
)
