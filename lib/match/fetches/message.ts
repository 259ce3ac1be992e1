/** Questions about the first lines of a request and a response. Header fields, cookies and URL parameters have files of their own. */
import { hostName } from '../../message/uri.js'
import { defineFetch, type FetchDefinition } from '../fetch.js'
import { NumberSample } from '../number-sample.js'
import type { RequestPhase, ResponsePhase } from '../phase.js'
import { TextSample } from '../text-sample.js'
import { requestOnly, requestPhases, responseOnly, responsePhases } from './phases.js'

/** The request's method, in its own case. HAProxy: `method`. */
export const method: TextSample<RequestPhase> = new TextSample({
  name: 'method',
  type: 'meth',
  phases: requestPhases,
  steady: true,
  ask: ({ request }) => request.method,
})

/** The path without the query; absent when the target does not have one, as with `*` and CONNECT. HAProxy: `path`. */
export const path: TextSample<RequestPhase> = new TextSample({
  name: 'path',
  type: 'str',
  phases: requestPhases,
  steady: true,
  ask: ({ request }) => request.path,
})

/** The path with the query. HAProxy: `pathq`. */
export const pathq: TextSample<RequestPhase> = new TextSample({
  name: 'pathq',
  type: 'str',
  phases: requestPhases,
  steady: true,
  ask: ({ request }) => request.pathq,
})

/** What follows the first question mark; absent without one. HAProxy: `query`. */
export const query: TextSample<RequestPhase> = new TextSample({
  name: 'query',
  type: 'str',
  phases: requestPhases,
  steady: true,
  ask: ({ request }) => request.query,
})

/** The same with its question mark. HAProxy: `query(with_qm)`. */
export const queryWithMark: TextSample<RequestPhase> = new TextSample({
  name: 'query(with_qm)',
  type: 'str',
  phases: requestPhases,
  steady: true,
  ask: ({ request }) => (request.query === undefined ? undefined : `?${request.query}`),
})

/** The target as it came: with scheme and authority, if the client sent them. HAProxy: `url`. */
export const url: TextSample<RequestPhase> = new TextSample({
  name: 'url',
  type: 'str',
  phases: requestPhases,
  steady: true,
  ask: ({ request }) => request.target,
})

/**
 * The host that is asked for, in lower case and without the port; patterns are compared without regard to case. It is the `Host`
 * field, or the target's authority where there is none. HAProxy: `req.hdr(host),field(1,:),lower`, nearly.
 */
export const host: TextSample<RequestPhase> = new TextSample<RequestPhase>({
  name: 'host',
  type: 'str',
  phases: requestPhases,
  steady: true,
  ask: ({ request }) => {
    const authority = request.host
    return authority === undefined ? undefined : hostName(authority)
  },
}).ignoringCase()

/** The `Host` field followed by the path. HAProxy: `base`. */
export const base: TextSample<RequestPhase> = new TextSample({
  name: 'base',
  type: 'str',
  phases: requestPhases,
  steady: true,
  ask: ({ request }) => (request.headers.first('host') ?? '') + (request.path ?? ''),
})

/** The `Host` field followed by path and query. HAProxy: `baseq`. */
export const baseq: TextSample<RequestPhase> = new TextSample({
  name: 'baseq',
  type: 'str',
  phases: requestPhases,
  steady: true,
  ask: ({ request }) => (request.headers.first('host') ?? '') + (request.pathq ?? ''),
})

/** The request's version: `1.0`, `1.1`. HAProxy: `req.ver`. */
export const requestVersion: TextSample<RequestPhase> = new TextSample({
  name: 'req.ver',
  type: 'str',
  phases: requestPhases,
  steady: true,
  ask: ({ request }) => request.version,
})

/** The response's status. HAProxy: `status`. */
export const status: NumberSample<ResponsePhase> = new NumberSample({
  name: 'status',
  type: 'int',
  phases: responsePhases,
  steady: true,
  ask: ({ response }) => response.status,
})

/** The response's version. HAProxy: `res.ver`. */
export const responseVersion: TextSample<ResponsePhase> = new TextSample({
  name: 'res.ver',
  type: 'str',
  phases: responsePhases,
  steady: true,
  ask: ({ response }) => response.version,
})

const ofRequest = { type: 'str', phases: requestPhases, strictPhases: requestOnly } as const
const ofResponse = { phases: responsePhases, strictPhases: responseOnly } as const

/** The words of haproxy.cfg for these. */
export const messageFetches: readonly FetchDefinition[] = [
  defineFetch({ name: 'method', type: 'meth', phases: requestPhases, match: 'str', make: () => method }),
  defineFetch({ ...ofRequest, name: 'path', derive: ['path'], make: () => path }),
  defineFetch({ ...ofRequest, name: 'pathq', make: () => pathq }),
  defineFetch({
    ...ofRequest,
    name: 'query',
    arguments: [{ name: 'options', type: 'enum', optional: true, oneOf: ['with_qm'] }],
    make: ([options]) => (options === undefined ? query : queryWithMark),
  }),
  defineFetch({ ...ofRequest, name: 'url', derive: ['url'], make: () => url }),
  defineFetch({ ...ofRequest, name: 'base', derive: ['base'], make: () => base }),
  defineFetch({ ...ofRequest, name: 'baseq', make: () => baseq }),
  defineFetch({ ...ofRequest, name: 'req.ver', aliases: ['req_ver'], match: 'str', make: () => requestVersion }),
  // A log still knows it.
  defineFetch({ name: 'status', type: 'int', phases: responsePhases, make: () => status }),
  defineFetch({
    ...ofResponse,
    name: 'res.ver',
    aliases: ['resp_ver'],
    type: 'str',
    match: 'str',
    make: () => responseVersion,
  }),
]
