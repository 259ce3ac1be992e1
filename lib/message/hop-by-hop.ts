/**
 * What belongs to one connection and must not be passed on (RFC 9110 §7.6.1): the fields that `Connection` names and
 * the ones that are always such. What we then say on the next connection is for whoever writes there.
 */
import { type Headers, sameName, splitList } from './headers.js'

/**
 * Removes the fields that `Connection` names, and leaves `Connection` and its like in place, since rules ask for them.
 * Run it before rules add fields, so that a peer cannot have those removed. `Host`, `Content-Length` and
 * `Transfer-Encoding` stay even when named: they frame and route the message. Nothing is allocated unless something is named.
 */
export function stripNamed(headers: Headers): void {
  const raw = headers.raw
  let named: string[] | undefined
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!
    if (name.length !== 10 || !sameName(name, 'connection') || namesNothing(raw[i + 1]!)) continue
    named ??= []
    splitList(raw[i + 1]!, named)
  }
  if (named === undefined) return
  let to = 0
  for (let from = 0; from < raw.length; from += 2) {
    const name = raw[from]!
    if (!isHopByHop(name) && isNamed(named, name)) continue
    raw[to] = name
    raw[to + 1] = raw[from + 1]!
    to += 2
  }
  raw.length = to
}

/**
 * Removes `Connection`, `Keep-Alive`, `Proxy-Connection`, `Upgrade`, and `TE`, of which only `trailers` is kept. Run it
 * after the rules, before the message goes on. An upgrade has to be asked for anew afterwards.
 */
export function stripConnection(headers: Headers): void {
  const raw = headers.raw
  let to = 0
  for (let from = 0; from < raw.length; from += 2) {
    const name = raw[from]!
    if (isHopByHop(name) && !keepsTrailers(name, raw[from + 1]!)) continue
    if (to !== from) {
      raw[to] = name
      raw[to + 1] = raw[from + 1]!
    }
    to += 2
  }
  raw.length = to
}

/**
 * As {@link stripConnection}, for a message that asks for or grants another protocol: `Upgrade` stays where it is, and `Connection` says
 * nothing but that.
 */
export function stripButUpgrade(headers: Headers): void {
  const raw = headers.raw
  let to = 0
  let said = false
  for (let from = 0; from < raw.length; from += 2) {
    const name = raw[from]!
    let value = raw[from + 1]!
    if (isHopByHop(name) && !sameName(name, 'upgrade') && !keepsTrailers(name, value)) {
      const option = sameName(name, 'connection') && !said ? upgradeOption(value) : undefined
      if (option === undefined) continue
      said = true
      value = option
    }
    raw[to] = name
    raw[to + 1] = value
    to += 2
  }
  raw.length = to
}

/** The option `upgrade` of a `Connection` field, spelt as it came. */
function upgradeOption(value: string): string | undefined {
  return splitList(value, []).find((option) => sameName(option, 'upgrade'))
}

/** Both at once, for a message that no rule looks at. */
export function stripHopByHop(headers: Headers): void {
  stripNamed(headers)
  stripConnection(headers)
}

/** Whether a field belongs to one connection wherever it appears. `Transfer-Encoding` and `Trailer` go with the body. */
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

/** `TE: trailers` is passed on, because we pass trailers on; every other `TE` speaks of codings that we do not undo. */
function keepsTrailers(name: string, value: string): boolean {
  return name.length === 2 && sameName(value, 'trailers')
}

/** Whether a `Connection` value is one of the usual ones that name no further field; spares the splitting. */
function namesNothing(value: string): boolean {
  return isHopByHop(value) || sameName(value, 'close')
}

function isNamed(named: readonly string[], name: string): boolean {
  for (const each of named) if (sameName(each, name)) return !framesOrRoutes(name)
  return false
}

function framesOrRoutes(name: string): boolean {
  return sameName(name, 'host') || sameName(name, 'content-length') || sameName(name, 'transfer-encoding')
}
