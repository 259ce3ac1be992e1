/** Services in this process that answer in place of a backend. */
import { Frontend, header, path, respond, responseHeader, service, setHeader, useService } from '../../lib/index.js'
import { scenario } from './support/scenario.js'
import { BIND, get, last } from './support/site.js'

let left: string[] = []
let open: () => void = () => {}

const site =
  (options: ConstructorParameters<typeof Frontend>[1] = {}) =>
  () =>
    new Frontend('edge', {
      bind: BIND,
      httpRequest: [
        useService(
          service('hello', (request) => {
            const url = new URL(request.url)
            return new Response(`hello ${url.searchParams.get('name')} at ${url.host}${url.pathname}`, {
              headers: { 'x-got': request.headers.get('x-sent') ?? 'none' },
            })
          }),
        ).if(path.startsWith('/hello')),
        useService(
          service('echo', (request) => new Response(request.body, { headers: { 'x-method': request.method } })),
        ).if(path.is('/echo')),
        useService(service('empty', () => new Response(null, { status: 204 }))).if(path.is('/empty')),
        useService(
          service('cookies', () => {
            const response = new Response('', { status: 201, statusText: 'Made' })
            response.headers.append('set-cookie', 'a=1')
            response.headers.append('set-cookie', 'b=2')
            response.headers.set('connection', 'close')
            return response
          }),
        ).if(path.is('/cookies')),
        useService(service('throws', () => Promise.reject(new Error('no service')))).if(path.is('/throws')),
        useService(service('nonsense', () => 'nonsense' as unknown as Response)).if(path.is('/nonsense')),
        useService(service('slow', () => new Promise(() => {}), { timeout: '2s' })).if(path.is('/slow')),
        useService(
          service('waits', async (request) => {
            await new Promise((resolve) => {
              request.signal.addEventListener('abort', resolve)
            })
            left.push('left')
            return new Response()
          }),
        ).if(path.is('/waits')),
        useService(service('known', () => new Response('1234', { headers: { 'content-length': '4' } }))).if(
          path.is('/known'),
        ),
        useService(service('short', () => new Response('123', { headers: { 'content-length': '4' } }))).if(
          path.is('/short'),
        ),
        useService(service('long', () => new Response('12345', { headers: { 'content-length': '4' } }))).if(
          path.is('/long'),
        ),
        useService(
          service('breaks', () => {
            let sent = false
            return new Response(
              new ReadableStream({
                pull: (controller) => {
                  if (sent) throw new Error('no more')
                  sent = true
                  controller.enqueue(new TextEncoder().encode('some'))
                },
              }),
            )
          }),
        ).if(path.is('/breaks')),
        useService(
          service('endless', () => {
            const piece = new Uint8Array(65_536)
            return new Response(
              new ReadableStream({
                pull: (controller) => controller.enqueue(piece),
                cancel: () => void left.push('cancelled'),
              }),
            )
          }),
        ).if(path.is('/endless')),
        useService(
          service('gated', async () => {
            await new Promise<void>((resolve) => {
              open = resolve
            })
            return new Response('through')
          }),
        ).if(path.is('/gated')),
      ],
      ...options,
    })

scenario('a service answers', site(), {}, async (t, rig) => {
  const client = await rig.client()
  client.send(get('/hello/you?name=ann', 'X-Sent: this\r\n'))
  await rig.when(() => client.received.endsWith('0\r\n\r\n'))
  t.match(
    client.take(),
    /^HTTP\/1.1 200 OK\r\n[\s\S]*x-got: this\r\n[\s\S]*hello ann at example.test\/hello\/you\r\n0\r\n\r\n$/,
  )
  client.send(get('/empty'))
  await rig.when(() => client.received.endsWith('\r\n\r\n'))
  t.match(client.take(), /^HTTP\/1.1 204 No Content\r\n\r\n$/)
  client.send(get('/known'))
  await rig.when(() => client.received.endsWith('1234'))
  t.match(client.take(), /content-length: 4\r\n/)
  client.send('HEAD /known HTTP/1.1\r\nHost: a\r\n\r\n')
  await rig.when(() => client.received.endsWith('\r\n\r\n'))
  t.match(client.take(), /content-length: 4\r\n/)
  client.send(get('/cookies'))
  await rig.when(() => client.received.includes('b=2'))
  t.match(client.take(), /^HTTP\/1.1 201 Made\r\n[\s\S]*set-cookie: a=1\r\nset-cookie: b=2\r\n/)
  client.send('GET /hello?name=old HTTP/1.0\r\n\r\n')
  await rig.when(() => client.ended)
  t.match(client.received, /\r\n\r\nhello old at localhost\/hello$/)
  t.same(
    rig.records.map(({ status, termination, server }) => [status, termination, server]),
    [200, 204, 200, 200, 201, 200].map((status) => [status, 'LR', undefined]),
  )
  t.same(rig.faults, [])
})

scenario('bodies stream through a service both ways', site(), {}, async (t, rig) => {
  const client = await rig.client()
  client.send('POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe')
  await rig.when(() => client.received.includes('2\r\nhe\r\n'))
  client.send('llo')
  await rig.when(() => client.received.endsWith('3\r\nllo\r\n0\r\n\r\n'))
  t.match(client.received, /x-method: POST\r\n/)
  const large = await rig.client()
  large.send('POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\nConnection: close\r\n\r\n')
  large.pour(5_000_000)
  await rig.when(() => large.ended)
  t.ok(large.count > 5_000_000)
  t.match(rig.records, [{ termination: 'LR' }, { termination: 'LR' }])
})

scenario('a service that fails', site(), {}, async (t, rig) => {
  const client = await rig.client()
  client.send(get('/throws'))
  await rig.when(() => client.received.includes('500 '))
  client.take()
  client.send(get('/nonsense'))
  await rig.when(() => client.received.includes('500 '))
  client.take()
  client.send(get('/slow'))
  await rig.settle()
  await rig.advance('2s')
  await rig.when(() => client.received.includes('504 '))
  client.take()
  client.send('TRACE /known HTTP/1.1\r\nHost: a\r\n\r\n')
  await rig.when(() => client.received.includes('501 '))
  for (const target of ['/short', '/long', '/breaks']) {
    const other = await rig.client()
    other.send(get(target))
    await rig.when(() => other.ended || other.closed)
    t.notMatch(other.received, /12345|0\r\n\r\n$/)
  }
  t.same(
    rig.records.map(({ status, termination }) => [status, termination]),
    [
      [500, 'PR'],
      [500, 'PR'],
      [504, 'sH'],
      [501, 'PR'],
      [200, 'PD'],
      [200, 'PD'],
      [200, 'PD'],
    ],
  )
  t.match(rig.faults.map(String), [/no service/, /must give a Response/, /shorter/, /longer/, /no more/])
})

scenario('a client that leaves a service', site(), {}, async (t, rig) => {
  left = []
  const waiting = await rig.client()
  waiting.send(get('/waits'))
  await rig.when(() => rig.balancer.stats().underWay === 1)
  waiting.destroy()
  await rig.when(() => left.includes('left'))
  const endless = await rig.client()
  endless.socket.pause()
  endless.send(get('/endless'))
  await rig.when(() => rig.balancer.stats().underWay === 1)
  await rig.settle()
  endless.destroy()
  await rig.when(() => left.includes('cancelled'))
  await rig.when(() => rig.balancer.stats().underWay === 0)
  t.same(rig.faults, [])
})

scenario('what a client pipelines waits for a service', site(), {}, async (t, rig) => {
  const client = await rig.client()
  client.send(get('/gated') + last('/known'))
  await rig.when(() => rig.balancer.stats().underWay === 1)
  await rig.settle()
  open()
  await rig.when(() => client.ended)
  t.match(client.received, /through[\s\S]*1234$/)
})

scenario(
  'rules see the answer of a service',
  site({
    httpResponse: [
      respond(418, { body: 'replaced' }).if(responseHeader('x-got').is('replace')),
      setHeader('x-rule', 'yes').if(header('x-sent').exists()),
    ],
    httpAfterResponse: [setHeader('x-after', 'yes')],
  }),
  {},
  async (t, rig) => {
    const client = await rig.client()
    client.send(get('/hello', 'X-Sent: this\r\n'))
    await rig.when(() => client.received.endsWith('0\r\n\r\n'))
    t.match(client.take(), /x-rule: yes\r\nx-after: yes\r\n/)
    client.send(get('/hello', 'X-Sent: replace\r\n'))
    await rig.when(() => client.received.endsWith('replaced'))
    t.match(client.received, /^HTTP\/1.1 418 [\s\S]*x-after: yes\r\n/)
  },
)

/** A body whose reader is somebody else. */
const lockedBody = (fields: Record<string, string> = {}): Response => {
  const response = new Response('x', { headers: fields })
  response.body?.getReader()
  return response
}

const odd = (): Frontend =>
  new Frontend('edge', {
    bind: BIND,
    httpRequest: Object.entries<Parameters<typeof service>[1]>({
      error: () => Response.error(),
      none: () => new Response(null),
      framed: () => new Response(null, { status: 204, headers: { 'transfer-encoding': 'chunked' } }),
      length: () => new Response('12', { headers: { 'content-length': '2, 2', 'transfer-encoding': 'gzip' } }),
      upgrade: () => new Response('12', { headers: { connection: 'upgrade', upgrade: 'h2c', 'content-length': '2' } }),
      method: (request) => new Response(request.method),
      locked: () => lockedBody(),
      refused: () => lockedBody({ 'x-refuse': 'locked' }),
      cancel: () =>
        new Response(new ReadableStream({ cancel: () => Promise.reject(new Error('not now')) }), {
          headers: { 'x-refuse': 'cancel' },
        }),
    }).map(([name, handle]) => useService(service(name, handle)).if(path.is(`/${name}`))),
    httpResponse: [respond(403).if(responseHeader('x-refuse').exists())],
  })

scenario('what a service must not say of the framing is not said', odd, {}, async (t, rig) => {
  const client = await rig.client()
  const answer = async (request: string): Promise<string> => {
    client.send(request)
    await rig.when(() => /\r\n\r\n(0|12)?$|0\r\n\r\n$/.test(client.received))
    await rig.settle()
    return client.take()
  }
  t.match(await answer(get('/none')), /^HTTP\/1.1 200 OK\r\ncontent-length: 0\r\n\r\n$/)
  t.match(await answer(get('/framed')), /^HTTP\/1.1 204 No Content\r\n\r\n$/)
  t.notMatch(await answer('HEAD /length HTTP/1.1\r\nHost: a\r\n\r\n'), /content-length|transfer-encoding/)
  t.notMatch(await answer(get('/upgrade')), /upgrade/)
  t.match(rig.faults, [])
})

scenario('services that give what cannot be sent', odd, {}, async (t, rig) => {
  const client = await rig.client()
  for (const [target, status] of [
    ['/error', '500'],
    ['/locked', '500'],
    ['/refused', '500'],
    ['/cancel', '403'],
  ] as const) {
    client.send(get(target))
    await rig.when(() => client.received.startsWith(`HTTP/1.1 ${status} `), target)
    await rig.settle()
    client.take()
  }
  t.match(rig.faults.map(String), [/a status/, /locked/, /locked/])
})

scenario('a method is never another one for a service than for rules', odd, {}, async (t, rig) => {
  for (const method of ['post', 'get', 'Head', 'patch', 'trace']) {
    const client = await rig.client()
    client.send(`${method} /method HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab`)
    await rig.when(() => client.ended)
    t.match(client.received, /^HTTP\/1.1 501 /, method)
  }
  const client = await rig.client()
  client.send('purge /method HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  await rig.when(() => client.ended)
  t.match(client.received, /\r\npurge\r\n0\r\n\r\n$/)
})

const busy = (): Frontend =>
  new Frontend('edge', {
    bind: BIND,
    httpRequest: [
      useService(
        service('busy', () => {
          let others = false
          setImmediate(() => {
            others = true
          })
          let pieces = 0
          return new Response(
            new ReadableStream<Uint8Array>({
              pull: (controller) => {
                if (!others && ++pieces < 100_000) return controller.enqueue(new Uint8Array(0))
                controller.enqueue(new TextEncoder().encode(others ? 'others had a turn' : 'nobody else had a turn'))
                controller.close()
              },
            }),
          )
        }),
      ),
    ],
  })

scenario('a body that never waits lets others have their turn', busy, {}, async (t, rig) => {
  const client = await rig.client()
  client.send(last())
  await rig.when(() => client.ended)
  t.match(client.received, /\r\nothers had a turn\r\n/)
})
