/** `server-template <prefix> <num | range> <fqdn>[:<port>] …`: servers that differ in their numbers only. Manual, chapter 4.2. */
import type { Line } from '../keyword.js'
import type { ProxyDraft } from '../proxy-draft.js'
import { forbiddenCharacter } from '../sections.js'

/** More of them than anybody needs: each costs memory. */
const MOST_SERVERS = 100_000

/** What a line says; its servers are read as those of `server` lines are. */
export interface Template {
  readonly prefix: string
  readonly first: number
  readonly last: number
  readonly address: string
  readonly words: readonly string[]
}

/** Nothing when something is wrong, which has been told. */
export function readTemplate(line: Line, draft: ProxyDraft): Template | undefined {
  const [prefix, range, written, ...words] = line.args
  if (prefix === undefined || range === undefined || written === undefined) {
    line.alert("'server-template' expects <prefix> <nb | range> <addr>[:<port>] as arguments.")
    return undefined
  }
  const odd = forbiddenCharacter(prefix)
  if (odd !== undefined) {
    line.alert(`character '${odd}' is not permitted in server-template prefix '${prefix}'.`)
    return undefined
  }
  const numbers = readRange(range)
  if (numbers === undefined) {
    line.alert(`Wrong server-template number or range arg '${range}'.`, "as in '5' or '1-5'")
    return undefined
  }
  const [first, last] = numbers
  for (let number = first; number <= last; number++) {
    const twin = draft.servers.find((server) => server.name === `${prefix}${number}`)
    if (twin === undefined) continue
    const where = `${twin.file}:${twin.line}`
    line.alert(
      `'server ${draft.name}/${twin.name}' : there is another server of that name at ${where}.`,
      'choose another prefix',
    )
    return undefined
  }
  return { prefix, first, last, address: line.loading.environment.expand(written), words }
}

function readRange(text: string): readonly [number, number] | undefined {
  const [, from = '', to] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text) ?? []
  if (from === '') return undefined
  const [first, last] = to === undefined ? [1, Number(from)] : [Number(from), Number(to)]
  return last >= first && last > 0 && last - first < MOST_SERVERS ? [first, last] : undefined
}
