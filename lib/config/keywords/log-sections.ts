/** The sections that log lines go through: `ring`, which hands them to servers, and `log-profile`, which says what is in them. */
import { Ring, type RingOptions, type RingServer } from '../../index.js'
import { profileMoments } from '../../observe/log-profile.js'
import { type SyslogFormat, syslogFormats } from '../../observe/syslog.js'
import { didYouMean } from '../advice.js'
import type { Line } from '../keyword.js'
import type { LogProfileDraft, ProfileLineDraft } from '../log-target.js'
import type { SectionKeyword, SectionReader } from '../section-keyword.js'
import { readInteger, readSize, readTime, readWord } from '../values.js'

type Options = { -readonly [K in keyof RingOptions]: RingOptions[K] } & { servers: RingServer[] }

/** Bytes of a ring that does not say. */
const LEAST = 16_384

const ringWords = ['description', 'format', 'maxlen', 'size', 'timeout', 'server', 'backing-file']

function readRingFormat(line: Line): SyslogFormat | undefined {
  const format = syslogFormats.find((one) => one === line.first)
  if (format === undefined)
    line.alert(
      `unknown ring format '${line.first}'.`,
      didYouMean(line.first, syslogFormats) ?? `known are ${syslogFormats.join(', ')}`,
    )
  return format
}

function readRingServer(line: Line): RingServer | undefined {
  const [name, address, ...rest] = line.args
  if (name === undefined || address === undefined) {
    line.alert("'server' expects <name> and <address> as arguments.", "as in 'server syslog1 127.0.0.1:6514'")
    return undefined
  }
  let framing: RingServer['framing']
  while (rest.length > 0) {
    const [option = '', value = ''] = rest.splice(0, 2)
    if (option === 'log-proto' && (value === 'legacy' || value === 'octet-count')) framing = value
    else if (option === 'log-proto') {
      line.alert(`'log-proto' expects one of 'legacy' or 'octet-count' but got '${value}'.`)
      return undefined
    } else {
      line.alert(`'server' of a ring : '${option}' is not supported here.`, "only 'log-proto' is")
      return undefined
    }
  }
  return { name, address, ...(framing === undefined ? {} : { framing }) }
}

function readRingTimeout(line: Line, options: Options): void {
  const [what] = line.args
  if (what !== 'connect' && what !== 'server') {
    line.alert(`'timeout' of a ring expects 'connect' or 'server' but got '${what ?? ''}'.`)
    return
  }
  const time = readTime(line, line.args[1], `'timeout ${what}'`)
  if (time === undefined || !line.atMost(2)) return
  if (what === 'connect') options.connectTimeout = time
  else options.serverTimeout = time
}

function takeRingLine(line: Line, options: Options): void {
  switch (line.keyword) {
    case 'description': {
      const text = readWord(line, line.args[0], "'description'")
      if (text !== undefined) options.description = line.args.join(' ')
      return
    }
    case 'format':
      options.format = readRingFormat(line) ?? 'raw'
      return
    case 'maxlen': {
      const length = readInteger(line, line.args[0], "'maxlen'", { min: 80 })
      if (length !== undefined) options.maxLength = length
      return
    }
    case 'size': {
      const size = readSize(line, line.args[0], "'size'")
      const { size: present = LEAST } = options
      if (size !== undefined && size < present)
        line.alert(`'size' of a ring : '${size}' is smaller than its size so far, '${present}'.`, 'leave it away')
      else if (size !== undefined) options.size = size
      return
    }
    case 'timeout':
      readRingTimeout(line, options)
      return
    case 'server': {
      const server = readRingServer(line)
      if (server !== undefined) options.servers.push(server)
      return
    }
    case 'backing-file':
      line.warning("'backing-file' has no effect: the ring is kept in memory.", 'remove it')
      return
    default:
      line.alert(`unknown keyword '${line.keyword}' in 'ring' section`, didYouMean(line.keyword, ringWords))
  }
}

export const ringSection: SectionKeyword = {
  name: 'ring',
  open: ({ header, line, things }): SectionReader => {
    const options: Options = { servers: [] }
    return {
      take: (each) => takeRingLine(each, options),
      end: () => {
        if (header.name === '') return
        if (things.rings.has(header.name)) {
          line.alert(`ring '${header.name}' has already been defined.`)
          return
        }
        const { size = LEAST, maxLength = 0 } = options
        if (maxLength > size) {
          line.warning(`ring '${header.name}' event max length '${maxLength}' exceeds size, forced to size '${size}'.`)
          options.maxLength = size
        }
        try {
          things.rings.set(header.name, new Ring(header.name, options))
        } catch (error) {
          line.alert((error as Error).message)
        }
      },
    }
  },
}

/** `on <step> [drop] [format <fmt>] [sd <fmt>]`. */
function readOn(line: Line, lines: Map<string, ProfileLineDraft>): void {
  const [moment, ...rest] = line.args
  if (moment === undefined || !profileMoments.includes(moment)) {
    line.alert(
      `'on' expects a step, but got '${moment ?? ''}'.`,
      didYouMean(moment ?? '', profileMoments) ?? `known are ${profileMoments.join(', ')}`,
    )
    return
  }
  let drop = false
  const formats: { format?: ProfileLineDraft['format']; structuredData?: ProfileLineDraft['structuredData'] } = {}
  while (rest.length > 0) {
    const option = rest.shift()
    if (option === 'drop') drop = true
    else if (option === 'format' || option === 'sd') {
      const text = readWord(line, rest.shift(), `'on ${moment} ${option}'`)
      if (text === undefined) return
      formats[option === 'sd' ? 'structuredData' : 'format'] = {
        text,
        keyword: `on ${moment} ${option}`,
        ...line.place,
      }
    } else {
      line.alert(`'on' supports 'drop', 'format' and 'sd', but got '${option}'.`)
      return
    }
  }
  lines.set(moment, { drop, ...formats })
}

export const logProfileSection: SectionKeyword = {
  name: 'log-profile',
  open: ({ header, line, things }): SectionReader => {
    const lines = new Map<string, ProfileLineDraft>()
    let tag: string | undefined
    if (things.logProfiles.has(header.name)) line.alert(`log-profile '${header.name}' has already been defined.`)
    const draft: LogProfileDraft = {
      name: header.name,
      lines,
      get tag() {
        return tag
      },
    }
    things.logProfiles.set(header.name, draft)
    return {
      take: (each) => {
        if (each.keyword === 'log-tag') tag = readWord(each, each.args[0], "'log-tag'")
        else if (each.keyword === 'on') readOn(each, lines)
        else
          each.alert(
            `unknown keyword '${each.keyword}' in 'log-profile' section`,
            didYouMean(each.keyword, ['on', 'log-tag']) ?? "it takes 'on' and 'log-tag'",
          )
      },
    }
  },
}
