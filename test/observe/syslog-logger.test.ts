import t from 'tap'
import { systemClock } from '../../lib/base/clock.js'
import type { LogSink } from '../../lib/observe/logger.js'
import { openRecord } from '../../lib/observe/record.js'
import { SyslogLogger, type SyslogSettings } from '../../lib/observe/syslog-logger.js'

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
