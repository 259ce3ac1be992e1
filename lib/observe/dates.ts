/** Moments as logs print them. Each printer keeps the text of the last second, because most lines share it with the line before. */

const months: readonly string[] = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

export const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`)

/** `Nov`, for the month that a `Date` calls 10. */
export const monthName = (date: Date): string => months[date.getMonth()] as string

/** Keeps what is made of a whole second. */
export function eachSecond<T>(make: (date: Date) => T): (second: number) => T {
  let known = Number.NaN
  let made: T
  return (second) => {
    if (second !== known) {
      made = make(new Date(second * 1000))
      known = second
    }
    return made
  }
}

function localClock(date: Date): string {
  const day = `${two(date.getDate())}/${monthName(date)}/${date.getFullYear()}`
  return `${day}:${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** How far local time is ahead: `+0100`. */
export function offset(date: Date): string {
  const ahead = -date.getTimezoneOffset()
  const minutes = Math.abs(ahead)
  return `${ahead < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`
}

/** `21/Nov/2026:04:32:55.733` in local time: %t and %tr. */
export function datePrinter(): (wall: number) => string {
  const print = eachSecond((date) => `${localClock(date)}.`)
  return (wall) => {
    const whole = Math.floor(wall / 1000)
    const rest = Math.floor(wall) - whole * 1000
    return print(whole) + threeDigits(rest)
  }
}

/** Milliseconds of a second, as %ms prints them. */
export function threeDigits(rest: number): string {
  return rest < 10 ? `00${rest}` : rest < 100 ? `0${rest}` : `${rest}`
}

/** `21/Nov/2026:04:32:55 +0100` in local time: %Tl and %trl. */
export function localDatePrinter(): (wall: number) => string {
  const print = eachSecond((date) => `${localClock(date)} ${offset(date)}`)
  return (wall) => print(Math.floor(wall / 1000))
}

/** `21/Nov/2026:03:32:55 +0000`: %T and %trg. */
export function utcDatePrinter(): (wall: number) => string {
  const print = eachSecond((date) => {
    const day = `${two(date.getUTCDate())}/${months[date.getUTCMonth()]}/${date.getUTCFullYear()}`
    return `${day}:${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`
  })
  return (wall) => print(Math.floor(wall / 1000))
}
