/** The log variables of a haproxy.cfg: letters behind a percent sign that stand for a sample. */
import { dst, dstPort, frontendName, method, path, type Sample, src, srcPort, status, url } from '../index.js'
import type { AliasWord } from './words.js'

/** The log variables that are samples, by their letters behind the percent sign. Manual, chapter 8.2.4. */
export const aliases: ReadonlyMap<string, AliasWord> = new Map(
  (
    [
      ['ci', src],
      ['cp', srcPort],
      ['fi', dst],
      ['fp', dstPort],
      ['f', frontendName],
      ['ft', frontendName],
      ['HM', method, 'request'],
      ['HP', path, 'request'],
      ['HU', url, 'request'],
      ['ST', status],
    ] as const
  ).map(([name, sample, phase]) => [
    name,
    { sample: sample as Sample<unknown, never>, phases: phase === undefined ? sample.phases : [phase] },
  ]),
)
