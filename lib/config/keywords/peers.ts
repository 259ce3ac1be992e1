/** The section `peers`: processes that share stick tables. Manual, chapter 3.5. What its lines come to is made in `peers-link`. */
import { parseServerAddress } from '../../base/address.js'
import { didYouMean } from '../advice.js'
import type { Line } from '../keyword.js'
import { localPeerOf } from '../local-peer.js'
import { readLog } from '../log-line.js'
import type { SectionKeyword, SectionReader } from '../section-keyword.js'
import { forbiddenCharacter } from '../sections.js'
import { readTable } from '../table-line.js'
import type { PeersDraft } from '../thing-drafts.js'
import { readInteger, readWord } from '../values.js'
import { readPlace } from './bind.js'
import { readPeerWords, refuseTls } from './peer-words.js'

const words = [
  'peer',
  'server',
  'bind',
  'default-bind',
  'default-server',
  'disabled',
  'enabled',
  'log',
  'shards',
  'table',
]

/** What is read of a section beside what is kept of it. */
class PeersReader {
  readonly draft: PeersDraft
  /** Words of `default-bind` and `default-server`, which stand before those of the lines behind them. */
  readonly #bindWords: string[] = []
  readonly #serverWords: string[] = []
  /** The first `peer` line that says where this process is, and the `bind` line: only one of them may. */
  #placed: 'peer' | 'bind' | undefined = undefined

  constructor(draft: PeersDraft) {
    this.draft = draft
  }

  take(line: Line): void {
    switch (line.keyword) {
      case 'peer':
      case 'server':
        this.#peer(line)
        break
      case 'bind':
        this.#bind(line)
        break
      case 'default-bind':
        if (refuseTls(line, line.args)) break
        this.#bindWords.push(...line.args)
        // What is wrong with them is wrong here.
        readPlace(
          { line, about: line.about(`'default-bind' in section 'peers'`), what: 'default-bind' },
          '127.0.0.1:1',
          [...line.args],
        )
        break
      case 'default-server':
        if (refuseTls(line, line.args)) break
        this.#serverWords.push(...line.args)
        readPeerWords(line, line.args)
        break
      case 'disabled':
      case 'enabled':
        if (line.atMost(0)) this.draft.disabled = line.keyword === 'disabled'
        break
      case 'log':
        this.#log(line)
        break
      case 'shards': {
        const shards = readInteger(line, line.args[0], "'shards'", { min: 1, max: 65_535 })
        if (shards !== undefined && line.atMost(1)) this.draft.shards = shards
        break
      }
      case 'table':
        this.#table(line)
        break
      default:
        line.alert(`unknown keyword '${line.keyword}' in 'peers' section`, didYouMean(line.keyword, words))
    }
  }

  #log(line: Line): void {
    if (line.args.length === 1 && line.first === 'global') this.draft.logs.push('global')
    else {
      const target = readLog(line)
      if (target !== undefined) this.draft.logs.push(target)
    }
  }

  #table(line: Line): void {
    const [name = '', ...rest] = line.args
    const odd = forbiddenCharacter(name)
    if (name === '') line.alert("'table' expects <name> and the words of a stick-table as arguments.")
    else if (odd !== undefined) line.alert(`character '${odd}' is not permitted in table name '${name}'.`)
    else {
      const twin = this.draft.tables.find((other) => other.name === name)
      const table = readTable(line, rest, 'peers')
      if (twin !== undefined)
        line.alert(
          `table name '${this.draft.name}/${name}' conflicts with table declared at ${twin.table.file}:${twin.table.line}.`,
        )
      else if (table !== undefined) this.draft.tables.push({ name, table })
    }
  }

  #bind(line: Line): void {
    const { draft } = this
    const [written, ...rest] = line.args
    if (this.#placed === 'peer') {
      line.alert('mixing "peer" and "bind" line is forbidden', "write 'server' lines beside a 'bind' line")
    } else if (draft.bind !== undefined) {
      const at = `${draft.bind.file}:${draft.bind.line}`
      line.alert(
        `One listener per "peers" section is authorized but another is already configured at [${at}].`,
        'remove one of them',
      )
    } else if (written === undefined) line.alert("'bind' expects <address>:<port> as arguments.")
    else {
      this.#placed = 'bind'
      const address = line.loading.environment.expand(written)
      const about = line.about(`'bind ${address}' in section 'peers'`)
      if (refuseTls(about, rest)) return
      const bind = readPlace({ line, about, what: 'bind' }, address, [...this.#bindWords, ...rest])
      if (bind !== undefined) draft.bind = { ...bind, ...line.place }
    }
  }

  #peer(line: Line): void {
    const { draft } = this
    const name = readWord(line, line.args[0], `'${line.keyword}'`)
    if (name === undefined) return
    const local = name === draft.local
    if (this.#placed === 'bind' && line.keyword === 'peer') {
      line.alert('mixing "peer" and "bind" line is forbidden', "write 'server' instead of 'peer'")
      return
    }
    if (this.#placed === undefined && local && line.keyword === 'peer') this.#placed = 'peer'
    const subject = `'${line.keyword} ${name}'`
    const odd = forbiddenCharacter(name)
    const twin = draft.peers.find((peer) => peer.name === name)
    if (odd !== undefined) line.alert(`character '${odd}' is not permitted in peer name '${name}'.`)
    else if (twin !== undefined) {
      const what = local ? 'local peer name already referenced' : 'there is another peer of that name'
      line.alert(`${subject} : ${what} at ${twin.file}:${twin.line}.`, 'choose another name')
    } else this.#addPeer(line, subject, { name, local })
  }

  #addPeer(line: Line, subject: string, { name, local }: { name: string; local: boolean }): void {
    const { draft } = this
    const rest = line.args.slice(1)
    // With a `bind` line, the local peer has no address of its own.
    const written = draft.bind !== undefined && local ? undefined : rest.shift()
    const address = written === undefined ? undefined : line.loading.environment.expand(written)
    if (address === undefined && !local)
      line.alert(`${subject} : missing address`, `as in '${line.keyword} ${name} 10.0.0.2:10000'`)
    else if (address === undefined || isPlace(line, subject, address)) {
      const { shard } = readPeerWords(line.about(subject), [...this.#serverWords, ...rest])
      draft.peers.push({ name, local, address, shard, ...line.place })
    }
  }
}

function isPlace(line: Line, subject: string, address: string): boolean {
  try {
    const parsed = parseServerAddress(address)
    if ((parsed.kind === 'ip' || parsed.kind === 'name') && parsed.port === 0) {
      line.alert(`${subject} : missing port specification in '${address}'`, "as in '10.0.0.2:10000'")
      return false
    }
    return true
  } catch (error) {
    line.alert(`${subject} : ${(error as Error).message}`)
    return false
  }
}

export const peersSection: SectionKeyword = {
  name: 'peers',
  open: ({ header, line, things }): SectionReader => {
    if (header.rest[0] !== undefined) line.alert(`'peers' cannot handle unexpected argument '${header.rest[0]}'.`)
    const twin = things.peers.get(header.name)
    if (twin !== undefined)
      line.alert(
        `peers section '${header.name}' has the same name as another peers section declared at ${twin.file}:${twin.line}.`,
        'choose another name',
      )
    const draft: PeersDraft = {
      name: header.name,
      local: localPeerOf(line.loading),
      disabled: false,
      shards: 0,
      bind: undefined,
      peers: [],
      tables: [],
      logs: [],
      ...line.place,
    }
    line.loading.process.peersSeen = true
    if (twin === undefined && header.sound) things.peers.set(header.name, draft)
    const reader = new PeersReader(draft)
    return { take: (inner) => reader.take(inner) }
  },
}
