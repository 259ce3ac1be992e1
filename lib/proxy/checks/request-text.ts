/** The request of an HTTP check, byte for byte as HAProxy sends it. */
import type { Context } from '../../match/context.js'
import { isFieldValue, splitList } from '../../message/headers.js'
import type { CheckText, RequestStep } from './step.js'

/** Methods whose requests say nothing of a body when they have none. */
const bodiless: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'DELETE'])

/** @param state tells the server how it is seen; manual, `http-check send-state` */
export function requestText(step: RequestStep, context: Context, state: string | undefined): string {
  const { method, version } = step
  const fields = fieldsOf(step, context)
  if (state !== undefined) fields.push(['x-haproxy-server-state', state])
  const body = textOf(step.body, context)
  if (body !== '' || !bodiless.has(method)) fields.push(['content-length', String(body.length)])
  const host = fields.find(([name]) => name === 'host')?.[1]
  let text = `${method} ${withAuthority(textOf(step.path, context) || '/', host)} HTTP/${version}\r\n`
  for (const [name, value] of decideConnection(fields, version)) text += `${name}: ${value}\r\n`
  return `${text}\r\n${body}`
}

export const textOf = (text: CheckText, context: Context): string =>
  typeof text === 'string' ? text : text.render(context)

/** How long the request is says the body alone. */
const ours: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding'])

/** Those that can be sent: a value made of what a server said may hold the end of a line, or be nothing. */
function fieldsOf({ headers }: RequestStep, context: Context): [string, string][] {
  return headers
    .map(([name, value]): [string, string] => [name.toLowerCase(), textOf(value, context)])
    .filter(([name, value]) => !ours.has(name) && value !== '' && isFieldValue(value))
}

/** It closes, unless somebody wants it otherwise; what the version means by itself is not said. */
function decideConnection(fields: readonly [string, string][], version: RequestStep['version']): [string, string][] {
  let wanted: 'close' | 'keep-alive' | undefined
  const decided = fields.flatMap(([name, value]): [string, string][] => {
    if (name !== 'connection') return [[name, value]]
    const words = splitList(value)
    if (words.some((word) => word.toLowerCase() === 'close')) wanted = 'close'
    else wanted ??= 'keep-alive'
    const others = words.filter((word) => !['close', 'keep-alive'].includes(word.toLowerCase()))
    return others.length === 0 ? [] : [[name, others.join(', ')]]
  })
  wanted ??= 'close'
  if (wanted !== (version === '1.0' ? 'close' : 'keep-alive')) decided.push(['connection', wanted])
  return decided
}

/** The host says where the request goes, whatever its target says. */
function withAuthority(target: string, host: string | undefined): string {
  if (host === undefined || target.startsWith('/') || target === '*') return target
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(target)?.[0]
  if (scheme === undefined) return host
  const path = target.slice(scheme.length).search(/[/?#]/)
  return scheme + host + (path < 0 ? '' : target.slice(scheme.length + path))
}
