import t from 'tap'
import { formatSize, parseSize } from '../../lib/base/size.js'

t.test('sizes are powers of 1024 in either case', async (t) => {
  const sizes: [string | number, number][] = [
    ['100k', 102_400],
    ['10m', 10_485_760],
    ['1g', 2 ** 30],
    ['1K', 1024],
    ['1G', 2 ** 30],
    ['7', 7],
    [7, 7],
    ['3g', 3 * 2 ** 30],
    ['4294967295', 2 ** 32 - 1],
  ]
  for (const [text, size] of sizes) t.equal(parseSize(text), size, String(text))
})

t.test('what is no size says what would be', async (t) => {
  for (const text of ['', 'k', '-1', '1.5k']) t.throws(() => parseSize(text), /is not a size/, text)
  for (const text of ['1t', '1kb']) t.throws(() => parseSize(text), /unknown unit .*use k, m, g/, text)
  for (const text of ['4g', '4294967296']) t.throws(() => parseSize(text), /too large/, text)
})

t.test('a size is shown in its largest exact unit', async (t) => {
  t.equal(formatSize(16_384), '16k')
  t.equal(formatSize(1500), '1500')
  t.equal(formatSize(2 ** 30), '1g')
  t.equal(formatSize(0), '0')
})
