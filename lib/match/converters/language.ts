/** The language that an `Accept-Language` field prefers, of those that there are. */
import { withoutBlanks } from './trim.js'

/**
 * The first of those with the highest quality. A value with a variant (`en-gb`) is served by its base as well; one without a
 * readable quality counts fully, one of quality 0 not at all.
 */
export function preferredLanguage(field: string, known: readonly string[]): string | undefined {
  let best: string | undefined
  let highest = 0
  for (const item of field.split(',')) {
    const [range = '', parameter = ''] = item.split(';', 2)
    const quality = qualityOf(parameter)
    if (quality <= highest) continue
    const value = withoutBlanks(range)
    const found = known.find((each) => value === each || value.startsWith(`${each}-`))
    if (found === undefined) continue
    best = found
    highest = quality
  }
  return best
}

/** In thousandths. */
function qualityOf(parameter: string): number {
  const digits = /^[ \t]*q=0(?:\.(\d{0,3}))?/.exec(parameter)
  return digits === null ? 1000 : Number((digits[1] ?? '').padEnd(3, '0'))
}
