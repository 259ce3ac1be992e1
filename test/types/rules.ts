/**
 * What must and must not compile about phases: a rule accepts only questions and actions of its own checkpoint. Every line under
 * an expected error is one; should it compile, the build fails.
 */
import { Acl } from '../../lib/match/acl.js'
import { all, any, type Condition, not } from '../../lib/match/condition.js'
import { src, srcPort } from '../../lib/match/fetches/connection.js'
import { inputLength } from '../../lib/match/fetches/content.js'
import { sample } from '../../lib/match/fetches/custom.js'
import { header, responseHeader } from '../../lib/match/fetches/header.js'
import { path, status } from '../../lib/match/fetches/message.js'
import { variable } from '../../lib/match/fetches/variable.js'
import { format } from '../../lib/match/format.js'
import type { Sample } from '../../lib/match/sample.js'
import { accept, reject } from '../../lib/rules/actions/accept.js'
import { auth } from '../../lib/rules/actions/auth.js'
import { capture } from '../../lib/rules/actions/capture.js'
import { rule } from '../../lib/rules/actions/custom.js'
import { deny } from '../../lib/rules/actions/deny.js'
import { redirect } from '../../lib/rules/actions/redirect.js'
import { replaceHeader, replacePath } from '../../lib/rules/actions/replace.js'
import { respond } from '../../lib/rules/actions/respond.js'
import { addHeader, delHeader, setHeader } from '../../lib/rules/actions/set-header.js'
import { setStatus } from '../../lib/rules/actions/set-status.js'
import { setMethod, setPath, setQuery } from '../../lib/rules/actions/set-target.js'
import { setVar, unsetVar } from '../../lib/rules/actions/set-variable.js'
import { track } from '../../lib/rules/actions/track.js'
import type { Rule } from '../../lib/rules/rule.js'
import { rate } from '../../lib/table/field.js'
import { StickTable } from '../../lib/table/stick-table.js'

const clients = new StickTable('clients', { key: 'ip', size: 100, store: { requests: rate('10s') } })
const isApi = new Acl('is_api', any(path.startsWith('/api/'), header('x').exists()))
const internal = new Acl('internal', src.in('10.0.0.0/8'))

export const connection: Rule<'connection'>[] = [
  reject().unless(internal),
  track(clients, src),
  accept().if(clients.lookup('requests', src).lt(5)),
  // @ts-expect-error there is no path yet
  reject().if(path.is('/')),
  // @ts-expect-error nothing can be answered on a connection
  deny(),
  // @ts-expect-error a header cannot be a key yet
  track(clients, header('x-forwarded-for')),
]

export const content: Rule<'content'>[] = [
  accept().if(inputLength.gt(5)),
  reject().if(internal),
  // @ts-expect-error there is no status yet
  accept().if(status.is(200)),
]

export const request: Rule<'request'>[] = [
  deny(),
  deny().if(isApi).unless(internal),
  deny(429).if(all(isApi, internal)),
  track(clients, header('x-forwarded-for')),
  respond(200, { body: format`${path} of ${src}` }),
  redirect({ scheme: 'https' }).unless(srcPort.is(443)),
  setHeader('x-client', src),
  setHeader('x-client', format`${src}:${srcPort}`),
  setHeader('x-plain', 'text'),
  delHeader('x'),
  setPath(path),
  setMethod('GET'),
  rule('custom', async () => respond(401)).if(isApi),
  // @ts-expect-error there is no status yet
  deny().if(status.is(500)),
  // @ts-expect-error nor in a part of a condition
  deny().if(all(path.is('/'), status.is(500))),
  // @ts-expect-error nor in its negation
  deny().if(not(status.is(500))),
  // @ts-expect-error nor under another name
  deny().if(new Acl('failed', status.is(500))),
  // @ts-expect-error nor when another condition is fine
  deny().if(path.is('/')).unless(status.is(500)),
  // @ts-expect-error there are no response fields yet
  deny().if(responseHeader('x').exists()),
  // @ts-expect-error nor as a value
  setHeader('x', responseHeader('x')),
  // @ts-expect-error nor in a format
  addHeader('x', format`${src} ${status}`),
  // @ts-expect-error nor in a body
  respond(200, { body: format`${status}` }),
  // @ts-expect-error there is no status to change yet
  setStatus(200),
  // @ts-expect-error content is not looked at any more
  deny().if(inputLength.gt(5)),
  auth('staff'),
  replaceHeader('x', 'a', path),
  // @ts-expect-error nor in what stands in place of a value
  replaceHeader('x', 'a', responseHeader('x')),
  deny(403, { headers: [['x', path]] }),
  // @ts-expect-error nor in a field of an answer
  deny(403, { headers: [['x', responseHeader('x')]] }),
]

export const response: Rule<'response'>[] = [
  deny().if(status.is(500)),
  deny().if(path.is('/')),
  setHeader('x', path),
  setHeader('x', responseHeader('y')),
  setStatus(200),
  respond(200, { body: format`${status}` }),
  // @ts-expect-error nobody is asked for a password any more
  auth(),
  // @ts-expect-error the path has been sent
  replacePath('a', 'b'),
  // @ts-expect-error the request has been sent
  setPath('/x'),
  // @ts-expect-error the request has been sent
  setQuery('x=y'),
  // @ts-expect-error the connection cannot be refused any more
  reject(),
]

export const afterResponse: Rule<'afterResponse'>[] = [
  setHeader('x', status),
  // @ts-expect-error it is settled
  deny(),
  // @ts-expect-error it is settled
  redirect('/x'),
]

// @ts-expect-error the table stores no such field
clients.lookup('errors', src)
// @ts-expect-error a question of fewer checkpoints is not one of more
export const widened: Sample<number | bigint, 'request' | 'response'> = status
export const narrowed: Sample<number | bigint, 'response'> = status
// @ts-expect-error nor is a condition
export const widenedCondition: Condition<'request'> = status.is(200)
// @ts-expect-error a rule for responses is none for requests
export const widenedRule: Rule<'request'> = setStatus(200)

export const setting: Rule<'request'>[] = [
  setVar('txn.x', path),
  setVar('req.x', 1),
  setVar('proc.x', format`${path}`),
  unsetVar('sess.x'),
  capture(path, { slot: 0 }),
  // @ts-expect-error there is no response yet
  setVar('res.x', 1),
  // @ts-expect-error nor its status
  setVar('txn.x', status),
  // @ts-expect-error that is none of the scopes
  setVar('global.x', 1),
]
export const settingEarly: Rule<'connection'>[] = [
  setVar('sess.x', src),
  // @ts-expect-error there is no transaction yet
  setVar('txn.x', 1),
]
export const typed: Condition<'request'> = variable('txn.n', { type: 'int' }).gt(5)
// @ts-expect-error a text is not compared so
variable('txn.n', { type: 'str' }).gt(5)

const tenant = sample('tenant', 'str', ['request'], ({ request }) => request.host)
const load = sample('load', 'int', ['connection', 'request'], () => 3)
export const own: Rule<'request'>[] = [
  deny().if(tenant.startsWith('a')),
  deny().if(load.gt(2)),
  // @ts-expect-error a text has no order
  deny().if(tenant.gt(2)),
]
export const ownOnConnections: Rule<'connection'>[] = [
  reject().if(load.gt(2)),
  // @ts-expect-error there is no request yet
  reject().if(tenant.is('a')),
]
export const ownInResponses: Rule<'response'>[] = [
  // @ts-expect-error it says itself that it can be asked in requests only
  deny().if(tenant.is('a')),
]
// @ts-expect-error a text is promised
export const wrong = sample('wrong', 'str', ['request'], () => 3)
