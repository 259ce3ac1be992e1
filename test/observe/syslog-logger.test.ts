import t from 'tap'
import { systemClock } from '../../lib/base/clock.js'
import { LogProfile, type ProfileLines } from '../../lib/observe/log-profile.js'
import type { LogSink } from '../../lib/observe/logger.js'
import { openRecord } from '../../lib/observe/record.js'
import { SyslogLogger, type SyslogSettings } from '../../lib/observe/syslog-logger.js'
import { connected } from '../match/context.js'

class Lines implements LogSink {
  readonly all: string[] = []
  dropped = 0
  write(line: string): void {
    this.all.push(line)
  }
  open(): void {}
  close(): void {}
}

function logger(settings: Partial<SyslogSettings> = {}) {
  const sink = new Lines()
  const warnings: string[] = []
  const all: SyslogSettings = {
    facility: 'daemon',
    format: 'short',
    tag: 'x',
    pid: 1,
    hostname: undefined,
    length: 1024,
    level: 'debug',
    minLevel: 'emerg',
    sample: undefined,
    logFormat: ({ frontend }) => frontend,
    clock: systemClock,
    warn: (text) => warnings.push(text),
    ...settings,
  }
  return { log: new SyslogLogger(all, sink), lines: sink.all, warnings }
}

const record = openRecord('http', 'web', '127.0.0.1', 1, 0)

t.test('levels filter and are capped', async (t) => {
  const { log, lines } = logger({ level: 'notice', minLevel: 'err' })
  log.transaction(record)
  log.notice('info', 'too light')
  log.notice('notice', 'fits')
  log.notice('emerg', 'capped')
  t.same(lines, ['<5>fits\n', '<3>capped\n'])
})

t.test('a transaction is an info line', async (t) => {
  const { log, lines } = logger()
  log.transaction(record)
  t.same(lines, ['<6>web\n'])
})

t.test('a sample takes its turns, and loggers of one target share them', async (t) => {
  const { log, lines } = logger({
    sample: {
      ranges: [
        [1, 1],
        [3, 4],
      ],
      size: 5,
    },
  })
  const other = log.with({ logFormat: () => 'other' })
  for (let count = 0; count < 5; count++) {
    log.notice('info', `${count}`)
    other.transaction(record)
  }
  // Turns 1 3 4 | 6 8 9, which are calls 0 2 3 5 7 8.
  t.same(lines, ['<6>0\n', '<6>1\n', '<6>other\n', '<6>other\n', '<6>other\n', '<6>4\n'])
})

t.test('a format that throws costs its line and is told once', async (t) => {
  const { log, lines, warnings } = logger({
    logFormat: () => {
      throw new Error('no')
    },
  })
  log.transaction(record)
  log.transaction(record)
  t.same(lines, [])
  t.equal(log.dropped, 2)
  t.match(warnings, [/threw.*no/])
  t.equal(warnings.length, 1)
})

t.test('no text is no line, and text beyond latin1 is sent as UTF-8', async (t) => {
  const { log, lines } = logger({ logFormat: () => undefined })
  log.transaction(record)
  log.notice('info', 'π')
  t.same(lines, ['<6>\xcf\x80\n'])
})

const named = (changes: object = {}) => ({ ...openRecord('http', 'web', '127.0.0.1', 1, 0), method: 'GET', ...changes })

t.test('what went well may be left out, and what did not may be an error', async (t) => {
  const { log, lines } = logger({ skipNormal: true, separateErrors: true, logFormat: ({ code }) => code })
  const told = [
    { code: 'plain' },
    { code: 'redirect', termination: 'LR', status: 302 },
    { code: 'denied', termination: 'PR', status: 403 },
    { code: '5xx', status: 503 },
    { code: 'retried', retries: 1 },
    { code: 'redispatched', redispatched: true },
  ]
  for (const changes of told) log.transaction(named(changes))
  t.same(lines, ['<3>denied\n', '<3>5xx\n', '<3>retried\n', '<3>redispatched\n'])
})

t.test('rules order the level of a line', async (t) => {
  const { log, lines } = logger({ separateErrors: true, level: 'info' })
  for (const level of ['emerg', 'silent', 'debug', undefined]) {
    const context = connected()
    context.order().logLevel = level
    log.transaction(named({ termination: 'PR' }), context)
  }
  t.same(lines, ['<0>web\n', '<3>web\n'], 'debug does not pass, silent is nothing')
})

t.test('a line may come before the end, and then it does not come again', async (t) => {
  const { log, lines } = logger({ at: ['response'], logFormat: ({ logOrigin }) => logOrigin })
  t.same(log.steps, ['response'])
  const one = named()
  log.step('connect', one, connected())
  log.step('response', one, connected())
  log.transaction(one)
  log.transaction(named())
  t.same(lines, ['<6>txn_response\n', '<6>txn_close\n'], 'what never got so far has its line at the end')
})

t.test('a line at every step', async (t) => {
  const { log, lines } = logger({ at: ['accept', 'close'], logFormat: ({ logOrigin }) => logOrigin })
  const one = named()
  for (const step of ['accept', 'request', 'connect', 'response'] as const) log.step(step, one, connected())
  log.transaction(one)
  t.same(lines, ['<6>txn_accept\n', '<6>txn_close\n'])
})

t.test('a format of its own for clients without a request', async (t) => {
  const { log, lines } = logger({ errorFormat: () => 'fault' })
  log.transaction(named({ logOrigin: 'sess_error' }))
  log.transaction(named({ termination: 'PR' }))
  t.same(lines, ['<6>fault\n', '<6>web\n'])
})

t.test('structured data stands where RFC 5424 has it', async (t) => {
  const settings = { structuredData: () => '[a b="c"] \n', clock: { ...systemClock, wall: () => 0 } }
  const { log, lines } = logger({ ...settings, format: 'rfc5424', hostname: 'box' })
  log.transaction(named())
  t.match(lines[0], /^<30>1 \S+ box x 1 - \[a b="c"\] #0A web\n$/)
  const plain = logger(settings)
  plain.log.transaction(named())
  t.same(plain.lines, ['<6>web\n'])
})

t.test('profiles', async (t) => {
  const close = { format: () => 'closed' }
  const profile = new LogProfile(
    'p',
    new Map<string, ProfileLines>([
      ['close', close],
      ['any', { drop: true }],
    ]),
    'other',
  )
  const { log, lines } = logger({ profile, format: 'local', at: ['accept', 'close'] })
  const one = named()
  log.step('accept', one, connected())
  log.transaction(one)
  t.equal(lines.length, 1)
  t.match(lines[0], / other\[1\]: closed\n$/)
  const second = logger({ profiles: new Map([['p', new LogProfile('p', new Map([['http-req', close]]))]]) })
  const ordered = named({ logOrigin: 'http-req' })
  second.log.order(ordered, connected(), 'p')
  second.log.order(ordered, connected(), undefined)
  t.same(second.lines, ['<6>closed\n', '<6>web\n'])
})
