import t from 'tap'
import { formatDuration, LONGEST_DURATION, parseDuration } from '../../lib/base/duration.js'

t.test('every unit is milliseconds in the end', async (t) => {
  const times: [string | number, number][] = [
    ['2s', 2000],
    ['500ms', 500],
    ['500', 500],
    [500, 500],
    ['1d', 86_400_000],
    ['3m', 180_000],
    ['2h', 7_200_000],
    ['0', 0],
    ['2000us', 2],
    ['1us', 1],
    ['1001us', 2],
  ]
  for (const [text, milliseconds] of times) t.equal(parseDuration(text), milliseconds, String(text))
  t.equal(parseDuration('5', 's'), 5000, 'the default unit is the caller’s')
  t.equal(parseDuration('24d'), 2_073_600_000)
  t.equal(parseDuration(LONGEST_DURATION), LONGEST_DURATION)
})

t.test('what is no time says what would be', async (t) => {
  for (const text of ['', 's', '-1', '1.5s', '1h30m', ' 1', '1 s', Number.NaN, 0.5, Number.POSITIVE_INFINITY])
    t.throws(() => parseDuration(text), /is not a time: write a whole number/, String(text))
  for (const text of ['1w', '1S', '1sec'])
    t.throws(() => parseDuration(text), /unknown unit .*use us, ms, s, m, h or d/, text)
  for (const text of ['25d', '2147483648', '99999999999999999999'])
    t.throws(() => parseDuration(text), /too long: at most 2147483647 ms/, text)
})

t.test('a time is shown in its largest exact unit and can be read back', async (t) => {
  const shown: Record<string, number> = {
    '2s': 2000,
    '90s': 90_000,
    '2m': 120_000,
    '1d': 86_400_000,
    '25h': 90_000_000,
    '1ms': 1,
    '0ms': 0,
    '1500ms': 1500,
  }
  for (const [text, milliseconds] of Object.entries(shown)) {
    t.equal(formatDuration(milliseconds), text)
    t.equal(parseDuration(text), milliseconds)
  }
})
