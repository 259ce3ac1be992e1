/** Reads the arguments of `log`: address, length, format, sampling, facility and levels. Manual, `log`. */

import { parseLogAddress } from '../engine/log-address.js'
import { facilities, type Level, levels, syslogFormats } from '../observe/syslog.js'
import { didYouMean } from './advice.js'
import type { Line } from './keyword.js'
import type { LogTarget } from './log-target.js'
import { readInteger } from './values.js'

const options = ['len', 'format', 'sample', 'profile']

/** The word, when it is one of the list; otherwise what is known is told. */
function oneOf<T extends string>(line: Line, known: readonly T[], word: string, what: string): T | undefined {
  const found = known.find((one) => one === word)
  if (found === undefined) {
    line.alert(`log : unknown ${what} '${word}'`, didYouMean(word, known) ?? `known are ${known.join(', ')}`)
  }
  return found
}

/** The target that a line names; nothing when it cannot be read. */
export function readLog(line: Line): LogTarget | undefined {
  const [address = '', ...rest] = line.args
  if (rest.length === 0) {
    line.alert('log : expects <address> and <facility> as arguments', "as in 'log 127.0.0.1:514 local0'")
    return undefined
  }
  let length = 1024
  let format: LogTarget['format']
  let sample: LogTarget['sample']
  let profile: LogTarget['profile']
  while (options.includes(rest[0] ?? '')) {
    const [option, value = ''] = rest.splice(0, 2)
    if (option === 'len') length = readInteger(line, value, "log : 'len'", { min: 80, max: 65_535 }) ?? length
    else if (option === 'format') format = oneOf(line, syslogFormats, value, 'log format')
    else if (option === 'sample') sample = readSample(line, value)
    else profile = value
  }
  const [facilityWord = '', levelWord, minWord, extra] = rest
  const facility = oneOf(line, facilities, facilityWord, 'log facility')
  const level = readLevel(line, levelWord, 'debug')
  const minLevel = readLevel(line, minWord, 'emerg')
  if (extra !== undefined) line.alert(`log : cannot handle unexpected argument '${extra}'`)
  if (!isReachable(line, address) || facility === undefined) return undefined
  return { address, facility, level, minLevel, format, length, sample, profile, ...line.place }
}

function readLevel(line: Line, word: string | undefined, otherwise: Level): Level {
  return word === undefined ? otherwise : (oneOf(line, levels, word, 'optional log level') ?? otherwise)
}

function isReachable(line: Line, address: string): boolean {
  try {
    parseLogAddress(address)
    return true
  } catch (error) {
    line.alert(`log : ${(error as Error).message}`)
    return false
  }
}

/** Ranges like `1-3,8:10`: of ten lines the first three and the eighth. */
function readSample(line: Line, text: string): LogTarget['sample'] {
  const advice = "write '<ranges>:<size>', as in '1-3,8:10'"
  const [, list, size] = /^((?:\d+(?:-\d+)?)(?:,\d+(?:-\d+)?)*):(\d+)$/.exec(text) ?? []
  if (list === undefined) {
    line.alert(`log : invalid sampling '${text}'`, advice)
    return undefined
  }
  const ranges = list.split(',').map((part): [number, number] => {
    const [low = '', high = low] = part.split('-')
    return [Number(low), Number(high)]
  })
  const sorted = [...ranges].sort(([left], [right]) => left - right)
  const wrong = ranges.find(([low, high]) => low < 1 || high < low)
  const overlap = sorted.some(([low], index) => index > 0 && low <= (sorted[index - 1]?.[1] ?? 0))
  const highest = Math.max(...ranges.map(([, high]) => high))
  if (wrong !== undefined) line.alert(`log : wrong sample range '${wrong.join('-')}'`, advice)
  else if (overlap) line.alert('log : ranges are overlapping', advice)
  else if (Number(size) < highest)
    line.alert(
      `log : sample size ${size} should be greater or equal to ${highest} the maximum of the high ranges limits`,
    )
  else return { ranges, size: Number(size) }
  return undefined
}
