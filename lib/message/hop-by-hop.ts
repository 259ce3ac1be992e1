/**
 * What belongs to one connection and must not be passed on (RFC 9110 §7.6.1): the fields that `Connection` names and
 * the ones that are always such. What we then say on the next connection is for whoever writes there.
 */
import { type Headers, sameName, splitList } from './headers.js'

/** Removes hop-by-hop fields in one pass and keeps everything else; without any, nothing is allocated. */
export function stripHopByHop(headers: Headers): void {
  const raw = headers.raw
  let named: string[] | undefined
  let found = false
  for (let i = 0; i < raw.length; i += 2) {
    if (!isHopByHop(raw[i]!)) continue
    found = true
    if (sameName(raw[i]!, 'connection')) splitList(raw[i + 1]!, (named ??= []))
  }
  if (!found) return
  let to = 0
  for (let from = 0; from < raw.length; from += 2) {
    const name = raw[from]!
    if (isHopByHop(name) || (named !== undefined && isNamed(named, name))) continue
    raw[to] = name
    raw[to + 1] = raw[from + 1]!
    to += 2
  }
  raw.length = to
}

/** Whether a field belongs to one connection wherever it appears. `Transfer-Encoding` and `Trailer` belong to the codec. */
export function isHopByHop(name: string): boolean {
  switch (name.length) {
    case 2:
      return sameName(name, 'te')
    case 7:
      return sameName(name, 'upgrade')
    case 10:
      return sameName(name, 'connection') || sameName(name, 'keep-alive')
    case 16:
      return sameName(name, 'proxy-connection')
    default:
      return false
  }
}

function isNamed(named: readonly string[], name: string): boolean {
  for (const each of named) if (sameName(each, name)) return true
  return false
}
