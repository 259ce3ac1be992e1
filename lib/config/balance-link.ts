/** `balance`, `hash-type` and `hash-balance-factor` together → an algorithm. */
import type { Algorithm } from '../balance/algorithm.js'
import { roundRobin } from '../balance/round-robin.js'
import type { Linker } from './linker.js'
import type { ProxyDraft } from './proxy-draft.js'

/** The algorithm that a section asks for; nothing when it is faulty, which has been told. */
export function makeAlgorithm(draft: ProxyDraft, linker: Linker): Algorithm | undefined {
  const { balance } = draft.settings
  if (balance === undefined || balance.algorithm === 'roundrobin') return roundRobin()
  linker.diagnostics.alert(balance, `'balance ${balance.algorithm}' is not supported yet`)
  return undefined
}
