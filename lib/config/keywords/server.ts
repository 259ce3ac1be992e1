/** `server` and `default-server`: where requests go, and the options of the servers. Manual, chapter 5.2. */

import { parseServerAddress } from '../../base/address.js'
import { didYouMean } from '../advice.js'
import { type Line, type ProxyKeyword, serverSide } from '../keyword.js'
import type { ProxyDraft, ServerSettings } from '../proxy-draft.js'
import { forbiddenCharacter } from '../sections.js'
import { serverWords } from '../vocabulary.js'
import { healthOptions } from './server-health.js'
import { limitWords } from './server-limits.js'
import { namingWords } from './server-naming.js'
import { flag, number, type ServerOption, type Settings, time } from './server-option.js'
import { readTemplate } from './server-template.js'
import { readSource } from './sockets.js'
import { shownByNobody } from './unshown.js'

/** One place: an address or a name, with a port or without, or the path of a unix socket. */
const checkAddress: ServerOption = {
  takes: 1,
  read: (line, value, into) => {
    try {
      parseServerAddress(value)
      if (/:[+-]\d*$/.test(value))
        line.alert(`'addr' : port offset not permitted here in '${value}'.`, 'write the port')
      else into.checkAddress = value
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      line.alert(`'addr' : invalid address: ${error.message}`)
    }
  },
}

const healthcheck: ServerOption = {
  takes: 1,
  read: (line, value, into) => {
    if (value === '') line.alert("'healthcheck' expects the name of a healthcheck section.")
    else into.healthcheck = value
  },
}

/** Not a word of HAProxy's, but of tutorials; its meaning is plain. */
const drain: ServerOption = {
  takes: 0,
  read: (line, _value, into) => {
    into.drain = true
    line.warning(
      "'drain' is not a server option of HAProxy: the server starts drained.",
      "write 'weight 0', or drain it at run time",
    )
  },
}

const cookie: ServerOption = {
  takes: 1,
  read: (line, value, into) => {
    if (value === '') line.alert("'cookie' expects <value> as argument.")
    else into.cookie = value
  },
}

const source: ServerOption = {
  takes: 1,
  read: (line, value, into) => {
    const read = readSource(line, value)
    if (read !== undefined) into.source = read
  },
}

/** Tells the kernel, or somebody who looks on, something that cannot be told; servers are reached all the same. */
const without = (word: string, takes: 0 | 1, reason: string): readonly [string, ServerOption] => [
  word,
  { takes, read: (line) => line.warning(`'${word}' has no effect here: ${reason}.`, 'remove it') },
]

/** Would change how servers are reached, and cannot be done. */
const impossible = (word: string, takes: 0 | 1, reason: string): readonly [string, ServerOption] => [
  word,
  { takes, read: (line) => line.alert(`'${word}' cannot be done: ${reason}.`, 'remove it') },
]

const options: ReadonlyMap<string, ServerOption> = new Map<string, ServerOption>([
  ['weight', number('weight', 'weight', { min: 0, max: 256 })],
  ['id', number('id', 'id', { min: 1 })],
  ['cookie', cookie],
  ['non-stick', flag('nonStick', true)],
  ['stick', flag('nonStick', false)],
  ['backup', flag('backup', true)],
  ['no-backup', flag('backup', false)],
  ['disabled', flag('disabled', true)],
  ['enabled', flag('disabled', false)],
  ['check', flag('check', true)],
  ['no-check', flag('check', false)],
  ['inter', time('inter', 'interval')],
  ['fastinter', time('fastinter', 'fastInterval')],
  ['downinter', time('downinter', 'downInterval')],
  ['rise', number('rise', 'rise', { min: 1 })],
  ['fall', number('fall', 'fall', { min: 1 })],
  ['port', number('port', 'checkPort', { min: 1, max: 65_535 })],
  ['addr', checkAddress],
  ['healthcheck', healthcheck],
  ...healthOptions,
  ['drain', drain],
  ['source', source],
  ...namingWords,
  ...limitWords,
  ['no-disabled', flag('disabled', false)],
  ['guid', { takes: 1, read: (line) => shownByNobody(line, 'guid') }],
  without('tfo', 0, 'Node cannot ask for TCP fast open'),
  without('no-tfo', 0, 'Node never asks for TCP fast open'),
  without('tcp-ut', 1, 'Node cannot set this timeout'),
  without('cc', 1, 'the system chooses the congestion control'),
  without('ktls', 1, 'TLS is not supported yet'),
  without('pool-low-conn', 1, 'there is one thread, which has all idle connections'),
  without('check-reuse-pool', 0, 'each check has a connection of its own'),
  ['no-check-reuse-pool', { takes: 0, read: () => {} }],
  without('check-pool-conn-name', 1, 'each check has a connection of its own'),
  without('log-bufsize', 1, 'only servers of log backends have one'),
  without('shard', 1, "only servers of 'peers' sections have one"),
  impossible('namespace', 1, 'Node cannot enter a network namespace'),
  impossible('tcp-md5sig', 1, 'Node cannot sign segments'),
  impossible('socks4', 1, 'SOCKS is not spoken'),
])

function readOptions(line: Line, words: readonly string[], subject: string, start: ServerSettings): Settings {
  const settings: Settings = { ...start }
  const about = line.about(subject)
  const rest = [...words]
  while (rest.length > 0) {
    const word = rest.shift() ?? ''
    const option = options.get(word)
    if (option === undefined) {
      if (serverWords.includes(word)) about.alert(`'${word}' is not supported yet`)
      else about.alert(`unknown keyword '${word}'`, didYouMean(word, serverWords))
      // What follows may be its argument or another option: nobody can tell.
      return settings
    }
    const value = option.takes === 0 ? '' : rest.shift()
    if (value === undefined) about.alert(`'${word}' expects an argument.`)
    else option.read(about, value, settings)
  }
  return settings
}

function readServer(line: Line, draft: ProxyDraft): void {
  const [name, written, ...words] = line.args
  if (name === undefined || written === undefined) {
    line.alert("'server' expects <name> and <addr>[:<port>] as arguments.")
    return
  }
  const address = line.loading.environment.expand(written)
  const odd = forbiddenCharacter(name)
  const subject = `'server ${draft.name}/${name}'`
  if (odd !== undefined) line.alert(`character '${odd}' is not permitted in server name '${name}'.`)
  const twin = draft.servers.find((server) => server.name === name)
  if (twin !== undefined)
    line.alert(`${subject} : there is another server of that name at ${twin.file}:${twin.line}.`, 'choose another name')
  const { id, ...settings } = readOptions(line, words, subject, draft.settings.defaultServer)
  if (isAddress(line, subject, address) && odd === undefined && twin === undefined) {
    draft.servers.push({ name, address, id, settings, ...line.place })
  }
}

function readServerTemplate(line: Line, draft: ProxyDraft): void {
  const template = readTemplate(line, draft)
  if (template === undefined) return
  const { prefix, first, last, address, words } = template
  const subject = `'server-template ${draft.name}/${prefix}'`
  // The number that a line says is that of its first server.
  const { id: own, ...settings } = readOptions(line, words, subject, draft.settings.defaultServer)
  if (!isAddress(line, subject, address)) return
  for (let number = first; number <= last; number++) {
    const id = own === undefined || number > first ? undefined : own
    draft.servers.push({ name: `${prefix}${number}`, address, id, settings, ...line.place })
  }
}

function isAddress(line: Line, subject: string, address: string): boolean {
  try {
    parseServerAddress(address)
    return true
  } catch (error) {
    line.alert(`${subject} : ${(error as Error).message}`)
    return false
  }
}

function readDefaultServer(line: Line, draft: ProxyDraft): void {
  const { id, ...settings } = readOptions(line, line.args, "'default-server'", draft.settings.defaultServer)
  if (id !== undefined) line.alert("'default-server' : 'id' belongs to one server alone.")
  draft.settings.defaultServer = settings
}

export const serverKeywords: readonly ProxyKeyword[] = [
  { name: 'server', sections: ['listen', 'backend'], parse: readServer },
  { name: 'server-template', sections: ['listen', 'backend'], parse: readServerTemplate },
  { name: 'default-server', sections: serverSide, elsewhere: 'ignored', parse: readDefaultServer },
]
