/** Reads the arguments of `log`: address, length, format, sampling, facility and levels. Manual, `log`. */
import type { Line } from './keyword.js'
import { facilities, type LogTarget, levels, logFormats } from './log-target.js'
import { didYouMean } from './nearest.js'
import { readInteger } from './values.js'

const options = ['len', 'format', 'sample', 'profile'] as const

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
  while (options.some((option) => option === rest[0])) {
    const [option, value = ''] = rest.splice(0, 2)
    if (option === 'len') length = readInteger(line, value, "log : 'len'", { min: 80, max: 65_535 }) ?? length
    else if (option === 'format') {
      format = logFormats.find((known) => known === value)
      if (format === undefined)
        line.alert(
          `log : unknown log format '${value}'`,
          didYouMean(value, logFormats) ?? `known are ${logFormats.join(', ')}`,
        )
    } else if (option === 'sample') sample = readSample(line, value)
    else line.alert("log : 'profile' is not supported yet")
  }
  const [facility = '', level = 'debug', minLevel = 'emerg', extra] = rest
  if (!facilities.includes(facility)) {
    line.alert(`log : unknown log facility '${facility}'`, didYouMean(facility, facilities))
    return undefined
  }
  for (const name of [level, minLevel]) {
    if (!levels.includes(name))
      line.alert(
        `log : unknown optional log level '${name}'`,
        didYouMean(name, levels) ?? `known are ${levels.join(', ')}`,
      )
  }
  if (extra !== undefined) line.alert(`log : cannot handle unexpected argument '${extra}'`)
  if (address.startsWith('ring@') || address.startsWith('backend@')) {
    line.alert(`log : '${address}' is not supported yet`)
    return undefined
  }
  return { address, facility, level, minLevel, format, length, sample }
}

function readSample(line: Line, text: string): LogTarget['sample'] {
  const [, list, size] = /^((?:\d+(?:-\d+)?)(?:,\d+(?:-\d+)?)*):(\d+)$/.exec(text) ?? []
  if (list === undefined) {
    line.alert(`log : invalid sampling '${text}'`, "write '<ranges>:<size>', as in '1-3,8:10'")
    return undefined
  }
  const ranges = list.split(',').map((part): [number, number] => {
    const [low = '', high = low] = part.split('-')
    return [Number(low), Number(high)]
  })
  return { ranges, size: Number(size) }
}
