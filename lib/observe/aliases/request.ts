/** Log variables of the request and what was captured of the messages. The request is the one that the client sent. */
import type { Alias } from '../../match/alias.js'
import type { Context } from '../../match/context.js'
import { escapeCapture, escapeLog } from '../log-escape.js'
import type { TransactionRecord } from '../record.js'
import { ofRecord } from './definition.js'

const BAD = '<BADREQ>'

/** What a request that could not be understood has none of. */
const asked =
  (read: (record: TransactionRecord) => string) =>
  (record: TransactionRecord): string =>
    record.method === '' ? BAD : escapeLog(read(record))

/** Up to the query. */
const path = ({ target }: TransactionRecord): string => {
  const query = target.indexOf('?')
  return query < 0 ? target : target.slice(0, query)
}

/** Without scheme and authority. */
const pathOnly = (record: TransactionRecord): string => {
  const whole = path(record).replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '')
  return whole.startsWith('/') ? whole : ''
}

const query = ({ target }: TransactionRecord): string => {
  const at = target.indexOf('?')
  return at < 0 ? '' : target.slice(at)
}

const line = ({ method, target, version }: TransactionRecord): string =>
  version === '' ? `${method} ${target}` : `${method} ${target} ${version}`

type Slots = readonly (string | undefined)[]

const captured = (slots: Slots | undefined): readonly string[] | undefined =>
  slots === undefined || slots.length === 0 ? undefined : slots.map((value) => escapeCapture(value ?? ''))

const block = (slots: Slots | undefined): string | undefined => {
  const values = captured(slots)
  return values === undefined ? undefined : `{${values.join('|')}}`
}

const capturesOf = (record: TransactionRecord, context: Context) => context.captures ?? record.captures

export const requestAliases: readonly Alias[] = [
  ofRecord('r', 'text', 'the request line', asked(line), { http: true }),
  ofRecord(
    'HM',
    'text',
    'the method',
    asked(({ method }) => method),
    { http: true },
  ),
  ofRecord(
    'HU',
    'text',
    'the target, query included',
    asked(({ target }) => target),
    { http: true },
  ),
  ofRecord('HP', 'text', 'the target up to the query', asked(path), { http: true }),
  ofRecord('HPO', 'bare', 'the path alone, without host and query', asked(pathOnly), { http: true }),
  ofRecord('HQ', 'bare', 'the query with its question mark', asked(query), { http: true }),
  ofRecord(
    'HV',
    'text',
    'the version',
    asked(({ version }) => (version === '' ? 'HTTP/0.9' : version)),
    { http: true },
  ),
  ofRecord('hr', 'block', 'captured request headers: {a|b}', (record, context) =>
    block(capturesOf(record, context)?.request),
  ),
  ofRecord('hs', 'block', 'captured response headers: {a|b}', (record, context) =>
    block(capturesOf(record, context)?.response),
  ),
  ofRecord('hrl', 'list', 'captured request headers, one by one', (record, context) =>
    captured(capturesOf(record, context)?.request),
  ),
  ofRecord('hsl', 'list', 'captured response headers, one by one', (record, context) =>
    captured(capturesOf(record, context)?.response),
  ),
  ofRecord(
    'CC',
    'text',
    'the cookie captured of the request',
    (record, context) => capturesOf(record, context)?.requestCookie,
    { http: true },
  ),
  ofRecord(
    'CS',
    'text',
    'the cookie captured of the response',
    (record, context) => capturesOf(record, context)?.responseCookie,
    { http: true },
  ),
]
