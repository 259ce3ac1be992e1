import {
  concurrent,
  counter,
  deny,
  Frontend,
  general,
  header,
  rate,
  respond,
  StickTable,
  src,
  tag,
  track,
} from 'fairlead'

/** What is remembered of each client's address, for ten minutes after its last request. */
export const clients = new StickTable('clients', {
  key: 'ip',
  size: '100k',
  expire: '10m',
  store: {
    requests: rate('10s'), // http_req_rate(10s)
    errors: rate('1m', { of: 'errors' }), // http_err_rate(1m)
    seen: counter(), // http_req_cnt
    uploaded: counter({ of: 'bytesIn' }), // bytes_in_cnt
    now: concurrent(), // conn_cur
  },
})

/** What is remembered of each key of the API; when it is full, new keys are not tracked, and nobody is forgotten for them. */
export const keys = new StickTable('keys', {
  key: 'string',
  keyLength: 64,
  size: 10_000,
  expire: '1d',
  noPurge: true,
  store: { trials: general(), banned: tag() },
})

export const edge = new Frontend('edge', {
  bind: ':8080',
  httpRequest: [
    track(clients, src),
    track(keys, header('x-api-key'), 1),
    deny(429).if(clients.tracked('requests').gt(100)),
    deny(403).if(keys.lookup('banned', header('x-api-key')).gt(0)),
    respond(200, { body: 'hello\n' }),
  ],
})

/** Somebody looks, from outside of any request. */
export function report(): string[] {
  const lines = []
  for (const { key, values } of clients) if (values.requests > 50) lines.push(`${key} ${values.requests}`)
  return lines
}

clients.on('evict', ({ key, values }) => console.warn(`no room for ${key}, seen ${values.seen} times`))

/** What a process that ends leaves to the next one, as text. */
export const leave = (): string => JSON.stringify(clients.snapshot())
export const enter = (text: string): number => clients.merge(JSON.parse(text))
