/** `bind`: where a frontend listens, and the options of its listeners. Manual, chapter 5.1. */
import { parseBindAddress } from '../../base/address.js'
import { groupNumber, userNumber } from '../accounts.js'
import { didYouMean } from '../advice.js'
import type { Line, ProxyKeyword } from '../keyword.js'
import type { BindDraft, ProxyDraft } from '../proxy-draft.js'
import { readInteger, readMode } from '../values.js'
import { bindWords } from '../vocabulary.js'
import { shownByNobody } from './unshown.js'

type Changing = { -readonly [K in keyof BindDraft]: BindDraft[K] }

/** What a bind line knows of an option. */
export interface BindOption {
  /** Words behind it. */
  readonly takes: 0 | 1
  readonly read: (line: Line, value: string, into: Changing, word: string) => void
}

const number = (key: 'maxConnections' | 'backlog' | 'uid' | 'gid', min: number): BindOption => ({
  takes: 1,
  read: (line, value, into, word) => {
    into[key] = readInteger(line, value, `'${word}'`, { min })
  },
})

const account = (key: 'uid' | 'gid', find: (name: string) => number | undefined): BindOption => ({
  takes: 1,
  read: (line, value, into) => {
    into[key] = find(value)
    const what = key === 'uid' ? 'user' : 'group'
    if (into[key] === undefined) line.alert(`'${what}' : unknown ${what} name '${value}'`)
  },
})

/** Tells the kernel something that Node cannot tell it; clients are served all the same. */
const without = (takes: 0 | 1, reason: string): BindOption => ({
  takes,
  read: (line, _value, _into, word) => line.warning(`'${word}' has no effect here: ${reason}.`, 'remove it'),
})

/** Would change who is served, or how, and cannot be done. */
const impossible = (takes: 0 | 1, reason: string): BindOption => ({
  takes,
  read: (line, _value, _into, word) => line.alert(`'${word}' cannot be done: ${reason}.`, 'remove it'),
})

const options: ReadonlyMap<string, BindOption> = new Map([
  ['name', { takes: 1, read: (_line: Line, value: string, into: Changing) => void (into.name = value) }],
  ['maxconn', number('maxConnections', 0)],
  ['backlog', number('backlog', 1)],
  ['uid', number('uid', 0)],
  ['gid', number('gid', 0)],
  ['user', account('uid', userNumber)],
  ['group', account('gid', groupNumber)],
  [
    'mode',
    { takes: 1, read: (line: Line, value: string, into: Changing) => void (into.fileMode = readMode(line, value)) },
  ],
  ['v4v6', { takes: 0, read: (_line: Line, _value: string, into: Changing) => void (into.dualStack = true) }],
  ['v6only', { takes: 0, read: (_line: Line, _value: string, into: Changing) => void (into.dualStack = false) }],
  [
    'id',
    {
      takes: 1,
      read: (line: Line, value: string, into: Changing) =>
        void (into.id = readInteger(line, value, "'id'", { min: 1, max: 2 ** 31 - 1 })),
    },
  ],
  ['tfo', without(0, 'Node cannot ask for TCP fast open')],
  ['defer-accept', without(0, 'Node accepts connections at once')],
  ['nice', without(1, 'there is one thread')],
  ['process', without(1, 'there is one thread')],
  ['thread', without(1, 'there is one thread')],
  ['shards', without(1, 'there is one thread')],
  ['mss', without(1, 'Node cannot set the segment size')],
  ['tcp-ut', without(1, 'Node cannot set this timeout')],
  ['tcp-ss', without(1, 'Node cannot tell how a connection came about')],
  ['tcp-cc', without(1, 'the system chooses the congestion control')],
  ['cc', without(1, 'the system chooses the congestion control')],
  ['ktls', without(1, 'TLS is not supported yet')],
  ['quic-force-retry', without(0, 'QUIC is not supported')],
  ['quic-socket', without(1, 'QUIC is not supported')],
  ['severity-output', without(1, 'only sockets for the runtime API have one')],
  ['level', without(1, 'only sockets for the runtime API have one')],
  ['label', without(1, 'nothing shows it')],
  ['expose-fd', without(1, 'listeners are not handed over to another process')],
  ['guid-prefix', { takes: 1, read: (line: Line) => shownByNobody(line, 'guid-prefix') }],
  ['tcp-md5sig', impossible(1, 'Node cannot sign segments')],
  ['interface', impossible(1, 'Node cannot bind to an interface')],
  ['namespace', impossible(1, 'Node cannot enter a network namespace')],
  ['transparent', impossible(0, 'Node cannot bind to foreign addresses')],
])

/** The prefix that `unix-bind` puts before paths, and what it gives to their files. */
function defaults(line: Line, address: string): Changing {
  const unix = line.loading.process.settings.unixBind
  const isPath = address.startsWith('/')
  const start = {
    name: undefined,
    id: undefined,
    maxConnections: undefined,
    backlog: undefined,
    dualStack: undefined,
    ...line.place,
  }
  if (unix === undefined || !isPath) return { ...start, address, fileMode: undefined, uid: undefined, gid: undefined }
  const uid = unix.uid ?? (unix.user === undefined ? undefined : userNumber(unix.user))
  const gid = unix.gid ?? (unix.group === undefined ? undefined : groupNumber(unix.group))
  return { ...start, address: `${unix.prefix ?? ''}${address}`, fileMode: unix.mode, uid, gid }
}

function checkAddress(line: Line, address: string, what: string): boolean {
  try {
    for (const one of parseBindAddress(address)) {
      // A port of 0 is for embedders, who can ask which one it became.
      if ('port' in one && one.port === 0) throw new RangeError(`invalid port '0' in '${address}'`)
    }
    return true
  } catch (error) {
    line.alert(`'${what}' : ${(error as Error).message}`)
    return false
  }
}

/** Who reads a place to listen at. */
export interface PlaceReader {
  readonly line: Line
  /** Speaks of this very place. */
  readonly about: Line
  readonly what: string
  /** Options that are known beside the usual ones, or in their place. */
  readonly more?: ReadonlyMap<string, BindOption>
}

/** An address and its options; `undefined` when nobody could listen there. */
export function readPlace(
  { line, about, what, more }: PlaceReader,
  address: string,
  words: string[],
): BindDraft | undefined {
  const bind = defaults(line, address)
  const sound = checkAddress(line, address, what)
  while (words.length > 0) {
    const word = words.shift() ?? ''
    const option = more?.get(word) ?? options.get(word)
    if (option === undefined) {
      unknownOption(about, word)
      break
    }
    const value = option.takes === 0 ? '' : words.shift()
    if (value === undefined) about.alert(`'${word}' expects an argument.`)
    else option.read(about, value, bind, word)
  }
  return sound ? bind : undefined
}

function readBind(line: Line, draft: ProxyDraft): void {
  const [written, ...words] = line.args
  if (written === undefined) {
    line.alert("'bind' expects {<path>|[addr1]:port1[-end1]}{,[addr]:port[-end]}... as arguments.")
    return
  }
  const address = line.loading.environment.expand(written)
  const about = line.about(`'bind ${address}' in section '${draft.kind}'`)
  const bind = readPlace({ line, about, what: 'bind' }, address, words)
  if (bind !== undefined) draft.binds.push(bind)
}

/** What follows an unknown option may be its argument or another option: nobody can tell, so that one complaint a line is all. */
function unknownOption(line: Line, word: string): void {
  if (bindWords.includes(word)) line.alert(`'${word}' is not supported yet`)
  else line.alert(`unknown keyword '${word}'`, didYouMean(word, bindWords))
}

export const bindKeywords: readonly ProxyKeyword[] = [
  { name: 'bind', sections: ['frontend', 'listen'], elsewhere: 'ignored', parse: readBind },
]
