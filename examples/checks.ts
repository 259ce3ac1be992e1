/** How servers can be asked whether they work. */
import { comment, expect, format, HealthCheck, send, sendRequest, serverName } from 'fairlead'

/** It accepts a connection. */
export const listens = HealthCheck.tcp({ interval: '5s' })

/** It answers a request. */
export const answers = HealthCheck.http({ path: '/healthz', expect: { status: 200 }, interval: '2s', rise: 2, fall: 3 })

/** It holds a conversation. */
export const isMaster = HealthCheck.sequence([
  send('PING\r\n'),
  expect.string('+PONG'),
  comment('role'),
  send('ROLE\r\n'),
  expect.string('master', { onError: 'a replica' }),
])

/** It answers a request of some more words. */
export const isReady = HealthCheck.sequence([
  sendRequest({
    path: '/ready',
    version: '1.1',
    headers: { host: 'api.example.com', 'x-asked': format`${serverName}` },
  }),
  expect.status('200-299', { errorStatus: 'L7STS' }),
  expect.header({ name: 'content-type', value: 'application/json', valueMatch: 'beg' }),
  expect.rstring(/"status": *"(ok|warm)"/, { onSuccess: 'ready' }),
])

/** It does what a function of yours asks of it. */
export const echoes = HealthCheck.custom(
  async ({ dial }) => {
    const socket = await dial()
    socket.write('hello')
    for await (const chunk of socket) if (String(chunk).includes('hello')) return true
    return false
  },
  { interval: '10s', timeout: '1s' },
)

/** A program says so. */
export const isFine = HealthCheck.external({ command: '/usr/local/bin/check', path: '/usr/bin:/bin', timeout: '3s' })
