import { Balancer, Frontend, httpLog, jsonLog, stdoutLog, syslog } from 'fairlead'

/** Lines for HAProxy's readers, lines for machines, and a histogram of one's own. */
export function logged(observe: (milliseconds: number) => void) {
  const edge = new Frontend('edge', {
    bind: ':8080',
    loggers: [
      syslog('127.0.0.1:514', { facility: 'local0', logFormat: httpLog() }),
      stdoutLog({ logFormat: jsonLog() }),
    ],
  })
  const balancer = new Balancer({ frontends: [edge] })
  balancer.on('record', (record) => observe(record.timers.total))
  return balancer
}
