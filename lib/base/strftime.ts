/** Dates as texts, by the formats of C's strftime(3) in the C locale. Which moment it is comes from whoever asks. */

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const

/** A moment in the words of a calendar: `date`'s UTC fields are those of the zone. */
interface Moment {
  readonly date: Date
  readonly seconds: number
  readonly nanoseconds: number
  /** Minutes east of Greenwich. */
  readonly offset: number
  readonly zone: () => string
}

/** How a field is padded, and what gives it. */
interface Directive {
  readonly pad: '0' | ' ' | ''
  readonly width: number
  readonly write: (moment: Moment) => string | number
}

const two = (write: Directive['write']): Directive => ({ pad: '0', width: 2, write })
const text = (write: Directive['write']): Directive => ({ pad: '', width: 0, write })

const dayOf = ({ date }: Moment): string => DAYS[date.getUTCDay()]!
const monthOf = ({ date }: Moment): string => MONTHS[date.getUTCMonth()]!
const year = ({ date }: Moment): number => date.getUTCFullYear()
const hour12 = ({ date }: Moment): number => date.getUTCHours() % 12 || 12
const half = ({ date }: Moment): string => (date.getUTCHours() < 12 ? 'AM' : 'PM')

/** Days since the first of January. */
function dayOfYear({ date }: Moment): number {
  return Math.floor((date.getTime() - new Date(0).setUTCFullYear(date.getUTCFullYear(), 0, 1)) / 86_400_000)
}

/** Weeks that have begun, by the day that they begin on. */
const weekOfYear = (moment: Moment, first: number): number =>
  Math.floor((dayOfYear(moment) + 7 - ((moment.date.getUTCDay() + 7 - first) % 7)) / 7)

/** Year and week by ISO 8601: that of the week's Thursday. */
function isoWeek({ date }: Moment): { readonly year: number; readonly week: number } {
  const thursday = new Date(date.getTime() + (3 - ((date.getUTCDay() + 6) % 7)) * 86_400_000)
  const at = { date: thursday } as Moment
  return { year: thursday.getUTCFullYear(), week: Math.floor(dayOfYear(at) / 7) + 1 }
}

function offsetText({ offset }: Moment): string {
  const minutes = Math.abs(offset)
  const digits = String(Math.floor(minutes / 60) * 100 + (minutes % 60)).padStart(4, '0')
  return `${offset < 0 ? '-' : '+'}${digits}`
}

const DIRECTIVES: ReadonlyMap<string, Directive> = new Map([
  ['a', text((moment) => dayOf(moment).slice(0, 3))],
  ['A', text(dayOf)],
  ['b', text((moment) => monthOf(moment).slice(0, 3))],
  ['h', text((moment) => monthOf(moment).slice(0, 3))],
  ['B', text(monthOf)],
  ['C', two((moment) => Math.floor(year(moment) / 100))],
  ['d', two(({ date }) => date.getUTCDate())],
  ['e', { pad: ' ', width: 2, write: ({ date }) => date.getUTCDate() }],
  ['g', two((moment) => ((isoWeek(moment).year % 100) + 100) % 100)],
  ['G', text((moment) => isoWeek(moment).year)],
  ['H', two(({ date }) => date.getUTCHours())],
  ['I', two(hour12)],
  ['j', { pad: '0', width: 3, write: (moment) => dayOfYear(moment) + 1 }],
  ['k', { pad: ' ', width: 2, write: ({ date }) => date.getUTCHours() }],
  ['l', { pad: ' ', width: 2, write: hour12 }],
  ['m', two(({ date }) => date.getUTCMonth() + 1)],
  ['M', two(({ date }) => date.getUTCMinutes())],
  ['n', text(() => '\n')],
  ['p', text(half)],
  ['P', text((moment) => half(moment).toLowerCase())],
  ['s', text(({ seconds }) => seconds)],
  ['S', two(({ date }) => date.getUTCSeconds())],
  ['t', text(() => '\t')],
  ['u', text(({ date }) => date.getUTCDay() || 7)],
  ['U', two((moment) => weekOfYear(moment, 0))],
  ['V', two((moment) => isoWeek(moment).week)],
  ['w', text(({ date }) => date.getUTCDay())],
  ['W', two((moment) => weekOfYear(moment, 1))],
  ['y', two((moment) => ((year(moment) % 100) + 100) % 100)],
  ['Y', text(year)],
  ['z', text(offsetText)],
  ['Z', text(({ zone }) => zone())],
  ['%', text(() => '%')],
])

/** Directives that stand for several others. */
const COMPOSED: ReadonlyMap<string, string> = new Map([
  ['c', '%a %b %e %H:%M:%S %Y'],
  ['D', '%m/%d/%y'],
  ['F', '%Y-%m-%d'],
  ['r', '%I:%M:%S %p'],
  ['R', '%H:%M'],
  ['T', '%H:%M:%S'],
  ['x', '%m/%d/%y'],
  ['X', '%H:%M:%S'],
])

/** How a {@link DateFormat} is made. */
export interface DateFormatOptions {
  /** In the zone of this machine. Default: in UTC. */
  readonly local?: boolean
  /** `%N` stands for nanoseconds, `%3N` for as many digits of them. Default: it is no directive. */
  readonly fractions?: boolean
}

type Part = string | ((moment: Moment) => string)

/** One format, read once. */
export class DateFormat {
  readonly #parts: readonly Part[]
  readonly #local: boolean
  readonly #zones: readonly Intl.DateTimeFormat[]

  /** What is no directive stands for itself. */
  constructor(format: string, { local = false, fractions = false }: DateFormatOptions = {}) {
    this.#parts = readFormat(format, fractions)
    this.#local = local
    const named = local && format.includes('Z')
    this.#zones = named
      ? ['en-US', 'en-GB'].map((locale) => new Intl.DateTimeFormat(locale, { timeZoneName: 'short' }))
      : []
  }

  /** The text of a moment in seconds since 1970; nothing beyond some 275,000 years. */
  write(seconds: number, nanoseconds = 0): string | undefined {
    const date = new Date(seconds * 1000)
    if (Number.isNaN(date.getTime())) return undefined
    const offset = this.#local ? -date.getTimezoneOffset() : 0
    const shifted = offset === 0 ? date : new Date(date.getTime() + offset * 60_000)
    const zone = (): string => (this.#local ? this.#zoneName(date, offset) : 'GMT')
    const moment = { date: shifted, seconds, nanoseconds, offset, zone }
    return this.#parts.map((part) => (typeof part === 'string' ? part : part(moment))).join('')
  }

  /** As `date` has it, where it has letters; otherwise the hours from Greenwich. */
  #zoneName(date: Date, offset: number): string {
    for (const format of this.#zones) {
      const name = format.formatToParts(date).find(({ type }) => type === 'timeZoneName')?.value
      if (name !== undefined && /^[A-Z]+$/.test(name)) return name
    }
    return offsetText({ offset } as Moment).replace(/00$/, '')
  }
}

function readFormat(format: string, fractions: boolean): readonly Part[] {
  const parts: Part[] = []
  let end = 0
  for (const found of format.matchAll(/%([_\-0^#]*)(\d{0,3})[EO]?([A-Za-z%])/g)) {
    const [whole, flags = '', width = '', letter = ''] = found
    const composed = COMPOSED.get(letter)
    const directive = DIRECTIVES.get(letter)
    if (letter === 'N' && fractions) parts.push(format.slice(end, found.index), fractionWriter(width))
    else if (composed !== undefined) parts.push(format.slice(end, found.index), ...readFormat(composed, false))
    else if (directive !== undefined) parts.push(format.slice(end, found.index), writer(directive, flags, width))
    else continue
    end = found.index + whole.length
  }
  parts.push(format.slice(end))
  return parts
}

function fractionWriter(width: string): Part {
  const digits = Math.min(9, Math.max(1, Number(width) || 9))
  return ({ nanoseconds }) => String(nanoseconds).padStart(9, '0').slice(0, digits)
}

function writer({ pad, width, write }: Directive, flags: string, given: string): Part {
  const wanted = given === '' ? width : Number(given)
  const last = /[_\-0](?=[\^#]*$)/.exec(flags)?.[0]
  return (moment) => {
    const value = write(moment)
    const number = typeof value === 'number'
    const sign = last === '0' ? '0' : last === '_' ? ' ' : number ? pad || '0' : ' '
    const written = String(value)
    const cased = flags.includes('^') || flags.includes('#') ? written.toUpperCase() : written
    return last === '-' ? cased : cased.padStart(wanted, sign)
  }
}
