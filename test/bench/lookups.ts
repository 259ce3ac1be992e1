/** What it costs to find one of 100,000 patterns, in this process: no proxy runs. */
import { Ip } from '../../lib/base/ip.js'
import { PatternSet } from '../../lib/match/patterns/pattern-set.js'

export interface LookupFigure {
  readonly name: string
  readonly nanoseconds: number
  /** The most that it may take. */
  readonly limit: number
}

const COUNT = 100_000
const LIMIT = 1000

/** Numbers that look like chance and are the same in every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 8) % below
  }
}

/** The best of several rounds over keys that are there and keys that are not. */
function time(find: (key: unknown) => unknown, keys: readonly unknown[]): number {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 8; round++) {
    const start = process.hrtime.bigint()
    for (const key of keys) find(key)
    best = Math.min(best, Number(process.hrtime.bigint() - start) / keys.length)
  }
  return best
}

export function measureLookups(): readonly LookupFigure[] {
  const random = seeded(1)
  const v4 = (): string => `${1 + random(223)}.${random(256)}.${random(256)}.0/24`
  const v6 = (): string => `20${random(90) + 10}:${random(65_536).toString(16)}:${random(65_536).toString(16)}::/48`
  const word = (): string => `/${random(2 ** 24).toString(36)}/${random(2 ** 24).toString(36)}`
  const ipv4 = (): Ip => Ip.fromNumber(random(2 ** 16) * 2 ** 16 + random(2 ** 16))
  const ipv6 = (): Ip => Ip.parse(v6().replace('/48', '1')) as Ip
  const many = <T>(make: () => T, count: number): T[] => Array.from({ length: count }, make)
  const asked = 50_000
  const texts = many(word, COUNT)
  const half = [...texts.slice(0, asked / 2), ...many(word, asked / 2)]
  const figure = (name: string, find: (key: unknown) => unknown, keys: readonly unknown[]): LookupFigure => ({
    name,
    nanoseconds: time(find, keys),
    limit: LIMIT,
  })
  const networks4 = new PatternSet(many(v4, COUNT)).view('ip')
  const networks6 = new PatternSet(many(v6, COUNT)).view('ip')
  const exact = new PatternSet(texts).view('str')
  const begins = new PatternSet(texts).view('beg')
  return [
    figure('IPv4 networks', (key) => networks4.find(key), many(ipv4, asked)),
    figure('IPv6 networks', (key) => networks6.find(key), many(ipv6, asked)),
    figure('texts', (key) => exact.find(key), half),
    figure(
      'beginnings',
      (key) => begins.find(key),
      half.map((text) => `${text}/more`),
    ),
  ]
}

export function lookupLines(figures: readonly LookupFigure[]): string {
  const lines = figures.map(
    ({ name, nanoseconds, limit }) =>
      `  ${COUNT.toLocaleString('en')} ${name}, at most ${limit} ns: ${nanoseconds.toFixed(0)} ${nanoseconds <= limit ? 'met' : 'MISSED'}`,
  )
  return ['\nLook-ups', ...lines].join('\n')
}
