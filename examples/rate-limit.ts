import {
  Backend,
  count,
  deny,
  Frontend,
  general,
  mark,
  path,
  rate,
  reject,
  Server,
  StickTable,
  src,
  tag,
  track,
} from 'fairlead'

/** What is remembered of each address. */
export const clients = new StickTable('clients', {
  key: 'ip',
  size: '100k',
  expire: '30m',
  store: { requests: rate('10s'), errors: rate('1m', { of: 'errors' }), strikes: general(), banned: tag() },
})

const tooFast = clients.tracked('requests').gt(20)
const clumsy = clients.tracked('errors').gt(10)

/** Twenty requests in ten seconds, then 429; whoever comes back for more three times is banned for as long as the table remembers it. */
export function limited(): Frontend {
  const app = new Backend('app', { servers: [new Server('app1', '127.0.0.1:9001')] })
  return new Frontend('edge', {
    bind: '127.0.0.1:8080',
    tcpRequestConnection: [reject().if(clients.lookup('banned', src).gt(0))],
    httpRequest: [
      track(clients, src),
      count(clients, 'strikes').if(tooFast),
      mark(clients, 'banned', 1).if(clients.tracked('strikes').ge(3)),
      deny(429).if(tooFast),
      deny(403).if(clumsy),
      mark(clients, 'banned', 1).if(path.startsWith('/wp-login.php')),
    ],
    defaultBackend: app,
  })
}
