import t from 'tap'
import { levels, SyslogDress, type SyslogFormat, type SyslogHeader } from '../../lib/observe/syslog.js'

// The expected lines were printed by HAProxy 2.6.12.
Object.assign(process.env, { TZ: 'America/New_York' })

const wall = Date.UTC(2026, 10, 8, 4, 36, 55, 153)
const dress = (format: SyslogFormat, more: Partial<SyslogHeader> = {}) =>
  new SyslogDress({ facility: 'local0', format, tag: 'haproxy', pid: 42, hostname: undefined, length: 1024, ...more })

t.test('every format dresses a line as HAProxy does', async (t) => {
  const lines: Record<SyslogFormat, string> = {
    local: '<134>Nov  7 23:36:55 haproxy[42]: text\n',
    rfc3164: '<134>Nov  7 23:36:55 localhost haproxy[42]: text\n',
    rfc5424: '<134>1 2026-11-07T23:36:55.153000-05:00 - haproxy 42 - - text\n',
    priority: '<134>text\n',
    short: '<6>text\n',
    timed: '<6>2026-11-07T23:36:55.153000-05:00 text\n',
    iso: '2026-11-07T23:36:55.153000-05:00 text\n',
    raw: 'text\n',
  }
  for (const [format, expected] of Object.entries(lines))
    t.equal(dress(format as SyslogFormat).line(levels.indexOf('info'), 'text', wall), expected, format)
})

t.test('host and tag are named in the formats that have a place for them', async (t) => {
  const named = { hostname: 'vm', tag: 'my tag' }
  t.equal(dress('rfc3164', named).line(6, 'x', wall), '<134>Nov  7 23:36:55 vm my tag[42]: x\n')
  t.equal(dress('rfc5424', named).line(6, 'x', wall), '<134>1 2026-11-07T23:36:55.153000-05:00 vm my tag 42 - - x\n')
})

t.test('a long line is cut, and so is a long text', async (t) => {
  const text = 'a'.repeat(500)
  for (const format of ['local', 'rfc5424', 'short', 'iso', 'raw'] as const)
    t.equal(dress(format, { length: 200 }).line(6, text, wall).length, 201, format)
  t.equal(dress('short', { length: 200, textLength: 119 }).line(6, text, wall).length, '<6>'.length + 119 + 1)
  t.equal(dress('short', { length: 90, textLength: 119 }).line(6, text, wall).length, 91)
})

t.test('nobody forges a second line', async (t) => {
  t.equal(dress('raw').line(6, 'one\n<0>two', wall), 'one#0A<0>two\n')
})

t.test('the time follows from second to second', async (t) => {
  const same = dress('iso')
  t.match(same.line(6, 'x', wall), '23:36:55.153000')
  t.match(same.line(6, 'x', wall + 7), '23:36:55.160000')
  t.match(same.line(6, 'x', wall + 60_000), '23:37:55.153000')
})
