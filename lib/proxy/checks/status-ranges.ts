/** Which statuses an HTTP answer may have: `200`, `'200-399'`, `'200,204,300-399'`. */

export type StatusRange = readonly [first: number, last: number]

/** @throws {RangeError} on what is no status */
export function parseStatusRanges(status: number | string): readonly StatusRange[] {
  const ranges: [number, number][] = []
  for (const part of String(status).split(',')) {
    const match = /^(\d{3})(?:-(\d{3}))?$/.exec(part.trim())
    if (match === null) throw new RangeError(`'${part}' is no status: write 200, 200-399 or a list of them`)
    ranges.push([Number(match[1]), Number(match[2] ?? match[1])])
  }
  return ranges
}

export const isWithin = (status: number, ranges: readonly StatusRange[]): boolean =>
  ranges.some(([first, last]) => status >= first && status <= last)
