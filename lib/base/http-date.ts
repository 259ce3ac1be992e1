/** Dates as HTTP writes them (RFC 9110 §5.6.7). */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** The seconds since 1970 of a date in one of the three forms that HTTP has had; nothing when it is none. */
export function parseHttpDate(text: string): number | undefined {
  const imf = /^[A-Za-z]{3}, (\d{2}) ([A-Za-z]{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/.exec(text)
  if (imf !== null) return seconds(imf[3]!, imf[2]!, imf[1]!, imf.slice(4))
  const old = /^[A-Za-z]{6,9}, (\d{2})-([A-Za-z]{3})-(\d{2}) (\d{2}):(\d{2}):(\d{2}) GMT$/.exec(text)
  if (old !== null)
    return seconds(String(Number(old[3]) + (Number(old[3]) < 70 ? 2000 : 1900)), old[2]!, old[1]!, old.slice(4))
  const c = /^[A-Za-z]{3} ([A-Za-z]{3}) ([ \d]\d) (\d{2}):(\d{2}):(\d{2}) (\d{4})$/.exec(text)
  return c === null ? undefined : seconds(c[6]!, c[1]!, c[2]!, c.slice(3, 6))
}

function seconds(year: string, month: string, day: string, time: readonly string[]): number | undefined {
  const index = MONTHS.indexOf(month.toLowerCase())
  const [hour, minute, second] = time.map(Number) as [number, number, number]
  if (index < 0 || hour > 23 || minute > 59 || second > 60) return undefined
  const date = new Date(0)
  date.setUTCFullYear(Number(year), index, Number(day))
  if (date.getUTCMonth() !== index || Number(day) === 0) return undefined
  return date.setUTCHours(hour, minute, second) / 1000
}
