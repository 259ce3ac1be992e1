import t from 'tap'
import { RuntimeApi } from '../../lib/admin/index.js'
import { Backend, Frontend, Server } from '../../lib/index.js'
import { inMemory, raw } from '../../lib/testing/index.js'

const BAD_REQUEST = 'GET / HTTP/1.1\r\nHo st: a\t\x01\\\xff\r\n\r\n'
const BAD_RESPONSE = `HTTP/1.1 200 OK\r\nhead er: x\r\nLong: ${'y'.repeat(100)}\r\n\r\n`

/** Dates without their digits. */
const undated = (text: string): string => text.replace(/\[\d\d\/\w{3}\/\d{4}:[\d:.]{12}\]/g, '[date]')

t.test('the last message that broke the rules, by proxy and side, byte by byte', async (t) => {
  const be = new Backend('be', { servers: [new Server('s1', '10.0.0.1:80')] })
  const lb = inMemory(new Frontend('fe', { bind: '127.0.0.1:8080', defaultBackend: be }), {
    s1: () => raw(BAD_RESPONSE),
  })
  await lb.started
  t.teardown(() => lb.stop())
  const api = new RuntimeApi(lb.balancer)
  const show = async (what = ''): Promise<string> =>
    undated((await api.execute(`show errors ${what}`)).replace(/\n$/, ''))
  t.equal(await show(), 'Total events captured on [date] : 0\n')

  await (await lb.connect()).send('nonsense\r\n\r\n')
  const client = await lb.connect({ src: '192.0.2.7' })
  await client.send(Buffer.from(BAD_REQUEST, 'latin1'))
  t.match(client.received, /^HTTP\/1\.1 400 /)
  t.match(await lb.inject('/'), { status: 502 })

  const request = await show('fe request')
  t.match(
    request,
    /: 3\n \n\[date\] frontend fe \(#\d\): invalid request\n {2}backend <NONE> \(#-1\), server <NONE> \(#-1\), event #1, src 192\.0\.2\.7:\d+\n/,
  )
  t.match(request, `  len ${BAD_REQUEST.length}, wraps at 16336, error at position 18\n`)
  t.match(request, '  H1 msg state MSG_HDR_NAME(17), H1 msg flags ')
  t.ok(
    request.endsWith('  \n  00000  GET / HTTP/1.1\\r\\n\n  00016  Ho st: a\\t\\x01\\\\\\xFF\\r\\n\n  00030  \\r\\n\n'),
    request,
  )
  t.notMatch(request, 'invalid response')

  const response = await show('be response')
  t.match(
    response,
    /\[date\] backend be \(#\d\): invalid response\n {2}frontend fe \(#\d\), server s1 \(#1\), event #2, src /,
  )
  t.match(response, 'error at position 21\n')
  t.match(response, ' MSG_HDR_NAME(17), ')
  t.match(response, `  00029  Long: ${'y'.repeat(64)}\n  00099+ ${'y'.repeat(36)}\\r\\n\n  00137  \\r\\n\n`)
  t.notMatch(response, 'invalid request')

  t.match(await show('-1'), /invalid request[\s\S]*invalid response/)
  t.match(await show('99'), /: 3\n$/, 'a number that nobody has')
  t.equal(await show('nope'), 'No such proxy.\n')
  t.match(await api.execute('show errors', { level: 'user' }), /Permission denied/)
})

t.test('what broke behind a head is shown with it, or alone when it came later', async (t) => {
  const be = new Backend('be', { servers: [new Server('s1', '10.0.0.1:80')] })
  const lb = inMemory(new Frontend('fe', { bind: '127.0.0.1:8080', defaultBackend: be }), { s1: () => raw('') })
  await lb.started
  t.teardown(() => lb.stop())
  const api = new RuntimeApi(lb.balancer)
  const head = 'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n'
  for (const [first, then, position, state] of [
    [`${head}1\r\na\r\n`, '1\r\nb\r\nzz\r\n', 6, 'MSG_CHUNK_SIZE(26)'],
    [`${head}3\r\nabcd\r\n`, '', head.length + 6, 'MSG_CHUNK_CRLF(28)'],
    [`${head}0\r\na b: c\r\n\r\n`, '', head.length + 4, 'MSG_TRAILERS(29)'],
  ] as const) {
    const client = await lb.connect()
    await client.send(first)
    if (then !== '') await client.send(then)
    const shown = await api.execute('show errors fe request')
    const length = (then === '' ? first : then).length
    t.match(shown, `  len ${length}, wraps at 16336, error at position ${position}\n`)
    t.match(shown, ` ${state}, `)
  }
  for (const word of ['#1', '1', '+1', '-7'])
    t.match(await api.execute(`show errors ${word}`), / invalid request\n/, `all, or a proxy by its number: ${word}`)
  t.equal(await api.execute('show errors 0'), 'No such proxy.\n\n')
})
