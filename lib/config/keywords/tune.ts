/** The keywords of `global` that tune something here; those that can tune nothing stand in `idle`. */
import { StatusSet } from '../../message/status-set.js'
import type { ProcessKeyword } from '../keyword.js'
import { readInteger, readSize } from '../values.js'

/** Below that, heads of everyday clients and our own answers do not fit; HAProxy takes what its own pages fit in. */
const SMALLEST_BUFFER = 2048

const bufferSize: ProcessKeyword = {
  name: 'tune.bufsize',
  parse: (line, draft) => {
    const value = readSize(line, line.args[0], "'tune.bufsize'")
    if (value === undefined || !line.atMost(1)) return
    if (value < 1 || value > 2 ** 24)
      line.alert(`'tune.bufsize' must be between ${SMALLEST_BUFFER} and ${2 ** 24} (got ${value}).`)
    else draft.settings.bufferSize = Math.max(value, SMALLEST_BUFFER)
    if (value > 0 && value < SMALLEST_BUFFER)
      line.warning(
        `'tune.bufsize' of ${value} bytes holds hardly any request: ${SMALLEST_BUFFER} are taken.`,
        'remove the line for 16384',
      )
  },
}

const largeBufferSize: ProcessKeyword = {
  name: 'tune.bufsize.large',
  parse: (line, draft) => {
    const value = readSize(line, line.args[0], "'tune.bufsize.large'")
    if (value === undefined || !line.atMost(1)) return
    if (value < 2048 || value > 2 ** 30)
      line.alert(`'tune.bufsize.large' must be between 2048 and ${2 ** 30} (got ${value}).`)
    else draft.settings.largeBufferSize = value
  },
}

const maxRewrite: ProcessKeyword = {
  name: 'tune.maxrewrite',
  parse: (line, draft) => {
    const value = readSize(line, line.args[0], "'tune.maxrewrite'")
    if (value !== undefined && line.atMost(1)) draft.settings.rewriteRoom = value
  },
}

const maxHeaders: ProcessKeyword = {
  name: 'tune.http.maxhdr',
  parse: (line, draft) => {
    const value = readInteger(line, line.args[0], "'tune.http.maxhdr'", { min: 1, max: 32_767 })
    if (value !== undefined && line.atMost(1)) draft.settings.maxHeaders = value
  },
}

const length = (name: string, key: 'logLineLength' | 'cookieLength'): ProcessKeyword => ({
  name,
  parse: (line, draft) => {
    const value = readInteger(line, line.args[0], `'${name}'`, { min: 1, max: 65_535 })
    if (value !== undefined && line.atMost(1)) draft.settings[key] = value
  },
})

const stickCounters: ProcessKeyword = {
  name: 'tune.stick-counters',
  parse: (line, draft) => {
    const value = readInteger(line, line.args[0], "'tune.stick-counters'", { min: 0, max: 100 })
    if (value !== undefined && line.atMost(1)) draft.settings.stickCounters = value
  },
}

const countedCodes = (name: string, key: 'errorCodes' | 'failureCodes'): ProcessKeyword => ({
  name,
  parse: (line, { settings }) => {
    const said = line.args.join(' ')
    try {
      StatusSet.empty.change(said)
    } catch (error) {
      line.alert(
        `'${name}': ${(error as Error).message}.`,
        `write ranges of statuses, as in '${name} -404 +500-503,510'`,
      )
      return
    }
    settings[key] = settings[key] === undefined ? said : `${settings[key]} ${said}`
  },
})

export const tuneKeywords: readonly ProcessKeyword[] = [
  bufferSize,
  largeBufferSize,
  maxRewrite,
  maxHeaders,
  stickCounters,
  countedCodes('http-err-codes', 'errorCodes'),
  countedCodes('http-fail-codes', 'failureCodes'),
  length('tune.http.logurilen', 'logLineLength'),
  length('tune.http.cookielen', 'cookieLength'),
]
