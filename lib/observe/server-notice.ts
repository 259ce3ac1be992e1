/** The texts in which HAProxy tells that a server changed its state, or was ordered to. Who is told is the caller's part. */
import type { Level } from './syslog.js'

/** A line and how grave it is. */
export interface Notice {
  readonly level: Level
  readonly text: string
}

type Admin = 'ready' | 'drain' | 'maint'
type State = 'up' | 'stopping' | 'down'

/** A server and its backend as they are now. */
export interface ServerNotice {
  /** With its backend. */
  readonly server: string
  readonly backup: boolean
  /** The one that it tracks, with its backend. */
  readonly tracked: string | undefined
  /** Ordered of itself, of the one that it tracks, and what comes of both. */
  readonly admin: Admin
  readonly inherited: Admin
  readonly ordered: Admin
  readonly state: State
  readonly before: { readonly admin: Admin; readonly inherited: Admin; readonly ordered: Admin; readonly state: State }
  /** It follows the one that it tracks. */
  readonly via: boolean
  /** `, reason: …`, `, changed from CLI` or nothing. */
  readonly because: string
  /** Servers in rotation now, and backups. */
  readonly active: number
  readonly backups: number
  /** Requests that the server is serving, that waited for it and look for another, and that wait. */
  readonly current: number
  readonly requeued: number
  readonly queued: number
}

const notice = (text: string): Notice => ({ level: 'notice', text })

/** The server, as all lines begin. */
const subject = ({ backup, server }: ServerNotice): string => `${backup ? 'Backup ' : ''}Server ${server}`

const via = ({ tracked }: ServerNotice): string => ` via ${tracked}`

/** How its backend stands. */
function standing({ active, backups, current, requeued, queued }: ServerNotice, online: boolean): string {
  const running = active === 0 && backups > 0 ? ' Running on backup.' : ''
  const load = online
    ? `${requeued} sessions requeued, ${queued} total in queue.`
    : `${current} sessions active, ${requeued} requeued, ${queued} remaining in queue.`
  return `${active} active and ${backups} backup servers ${online ? 'online' : 'left'}.${running} ${load}`
}

/** It was in use until now. */
const wasUsed = ({ before }: ServerNotice): boolean => before.state === 'up' && before.ordered === 'ready'

/** What is to be said of a drain that goes on. */
function drainGoesOn(of: ServerNotice): Notice[] {
  if (of.ordered !== 'drain') return []
  if (of.admin === 'drain') return [notice(`${subject(of)} remains in forced drain mode.`)]
  return [notice(`${subject(of)} is leaving forced drain but remains in drain mode${via(of)}.`)]
}

const words = { up: 'UP', down: 'DOWN', stopping: 'stopping' } as const

/** It was observed to go up or down, or says that it wants no more. In maintenance nobody is told. */
export function healthNotices(of: ServerNotice): Notice[] {
  if (of.ordered === 'maint') return []
  const down = of.state === 'down'
  const what = `${subject(of)} is ${words[of.state]}${of.via ? via(of) : ''}${of.because}.`
  const level = down && wasUsed(of) ? 'alert' : 'notice'
  return [{ level, text: `${what} ${standing(of, !down)}` }, ...drainGoesOn(of)]
}

/** It was ordered into another state, or the one that it tracks was. */
export function adminNotices(of: ServerNotice): Notice[] {
  if (of.ordered === 'maint') return of.before.ordered === 'maint' ? maintGoesOn(of) : [maintBegins(of)]
  if (of.before.ordered === 'maint') return maintEnds(of)
  if (of.ordered === 'drain') return of.before.ordered === 'drain' ? drainChanges(of) : [drainBegins(of)]
  return of.before.ordered === 'drain' ? [notice(`${subject(of)} is ${upDown(of)} (leaving forced drain).`)] : []
}

const upDown = ({ state }: ServerNotice): string => (state === 'down' ? 'DOWN' : 'UP')

function maintBegins(of: ServerNotice): Notice {
  const by = of.admin !== 'maint' && of.inherited === 'maint' ? via(of) : ''
  if (of.before.state === 'down') return notice(`${subject(of)} was DOWN and now enters maintenance${by}${of.because}.`)
  const text = `${subject(of)} is going DOWN for maintenance${by}${of.because}. ${standing(of, false)}`
  return { level: wasUsed(of) ? 'alert' : 'notice', text }
}

function maintGoesOn(of: ServerNotice): Notice[] {
  if (of.before.admin === 'maint' && of.admin !== 'maint')
    return [notice(`${subject(of)} is leaving forced maintenance but remains in maintenance${via(of)}.`)]
  if (of.before.inherited === 'maint' && of.inherited !== 'maint')
    return [notice(`${subject(of)} remains in forced maintenance.`)]
  return []
}

function maintEnds(of: ServerNotice): Notice[] {
  const left = of.before.admin === 'maint' ? 'forced maintenance' : 'maintenance'
  const stands = `${upDown(of)}/${of.ordered === 'ready' ? 'READY' : 'DRAIN'}`
  return [notice(`${subject(of)} is ${stands} (leaving ${left}).`), ...drainGoesOn(of)]
}

function drainBegins(of: ServerNotice): Notice {
  const by = of.admin === 'drain' ? '' : via(of)
  return notice(`${subject(of)} enters drain state${by}. ${standing(of, of.state !== 'down')}`)
}

/** Of itself or of the one that it tracks, while the other goes on. */
function drainChanges(of: ServerNotice): Notice[] {
  const left = of.before.admin === 'drain' && of.admin !== 'drain'
  return left || of.before.inherited !== of.inherited ? drainGoesOn(of) : []
}

/** All of its weight counts from now on. */
export const warmNotice = (of: ServerNotice): Notice => notice(`${subject(of)} is UP. ${standing(of, true)}`)

/** Its name has no address any more. */
export const unresolvedNotice = (of: ServerNotice): Notice => ({ ...maintBegins(of) })

/** Its name has an address again. */
export function resolvedNotices(of: ServerNotice, fqdn: string, source: string | undefined): readonly Notice[] {
  const name = `${subject(of)} ('${fqdn}')`
  const again =
    of.ordered === 'maint'
      ? `${name} resolves again but remains in maintenance.`
      : `${name} is ${upDown(of)}/${of.ordered === 'drain' ? 'DRAIN' : 'READY'} (resolves again).`
  const thanks = notice(`${subject(of)} administratively READY thanks to valid DNS answer.`)
  return source === ADDITIONAL ? [notice(again)] : [notice(again), thanks]
}

/** Where an address came from that nobody had to ask for. */
const ADDITIONAL = 'DNS additional record'

/** It is at another address, since its name is. */
export const movedNotice = (
  server: string,
  by: { readonly source: string; readonly before: string | undefined },
  place: { readonly kind: string; readonly ip?: string },
): Notice =>
  notice(`${server} changed its IP from ${by.before ?? '(none)'} to ${place.ip ?? place.kind} by ${by.source}.`)

/** It is another place of its service. */
export const renamedNotice = (
  server: string,
  { before, reason }: { readonly before: string | undefined; readonly reason?: string | undefined },
  fqdn: string,
): Notice => notice(`${server} changed its FQDN from ${before ?? '(null)'} to ${fqdn} by ${reason ?? 'order'}`)

/** Its traffic was worse than it may be, or it is tried again; HAProxy knows no such thing. */
export const ejectedNotice = (of: ServerNotice, ejected: boolean): Notice =>
  ejected
    ? { level: 'alert', text: `${subject(of)} is ejected${of.because}. ${standing(of, false)}` }
    : notice(`${subject(of)} is not ejected any more${of.because}. ${standing(of, true)}`)
