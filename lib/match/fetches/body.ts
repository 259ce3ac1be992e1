/** Questions about bodies, as far as they have come and are held: wait for them with `waitForBody()` or `option http-buffer-request`. */
import { BytesSample } from '../bytes-sample.js'
import { callText } from '../call-text.js'
import type { Context, MessageBody } from '../context.js'
import { defineFetch, type FetchDefinition } from '../fetch.js'
import { NumberSample } from '../number-sample.js'
import type { Phase } from '../phase.js'
import { requestOnly } from './phases.js'
import { allParams } from './url-param.js'

/** A body can be asked about while its message is on its way. */
type BodyPhase = 'request'
type ResponseBodyPhase = 'response' | 'check'

const EMPTY = Buffer.alloc(0)

type Side = (context: Context) => MessageBody | undefined
const ofRequest: Side = (context) => context.requestBody
const ofResponse: Side = (context) => context.responseBody

const bytes = <P extends Phase>(name: string, phases: readonly Phase[], side: Side): BytesSample<P> =>
  new BytesSample<P>({ name, type: 'bin', phases, ask: (context) => side(context)?.bytes ?? EMPTY })

const length = <P extends Phase>(name: string, phases: readonly Phase[], side: Side): NumberSample<P> =>
  new NumberSample<P>({ name, type: 'int', phases, ask: (context) => side(context)?.bytes.length ?? 0 })

/** What was announced; of a body in chunks, what has come. */
const size = <P extends Phase>(name: string, phases: readonly Phase[], side: Side): NumberSample<P> =>
  new NumberSample<P>({
    name,
    type: 'int',
    phases,
    ask: (context) => {
      const body = side(context)
      return body === undefined ? 0 : (body.length ?? body.bytes.length)
    },
  })

/** The request's body, as far as it has come; empty without one. HAProxy: `req.body`. */
export const requestBody: BytesSample<BodyPhase> = bytes('req.body', requestOnly, ofRequest)
/** How many bytes of the request's body have come. HAProxy: `req.body_len`. */
export const requestBodyLength: NumberSample<BodyPhase> = length('req.body_len', requestOnly, ofRequest)
/** How long the request's body will be, where it says so; else how much of it has come. HAProxy: `req.body_size`. */
export const requestBodySize: NumberSample<BodyPhase> = size('req.body_size', requestOnly, ofRequest)
/** The response's body, as far as it has come; empty without one. HAProxy: `res.body`. */
export const responseBody: BytesSample<ResponseBodyPhase> = bytes('res.body', ['response', 'check'], ofResponse)
/** HAProxy: `res.body_len`. */
export const responseBodyLength: NumberSample<ResponseBodyPhase> = length(
  'res.body_len',
  ['response', 'check'],
  ofResponse,
)
/** HAProxy: `res.body_size`. */
export const responseBodySize: NumberSample<ResponseBodyPhase> = size(
  'res.body_size',
  ['response', 'check'],
  ofResponse,
)

/**
 * A parameter of a form in the request's body (`application/x-www-form-urlencoded`, which is not checked): its first value, as it stands there;
 * conditions look at all of them. Without a name, of any. HAProxy: `req.body_param([name[,i]])`.
 */
export function bodyParam(name?: string, options: { readonly ignoreCase?: boolean } = {}): BytesSample<BodyPhase> {
  const { ignoreCase = false } = options
  const values = (context: Context): readonly string[] => {
    const body = ofRequest(context)
    return body === undefined ? [] : allParams(`&${body.bytes.toString('latin1')}`, name, '&', ignoreCase)
  }
  return new BytesSample<BodyPhase>({
    name: callText('req.body_param', name === undefined ? [] : ignoreCase ? [name, 'i'] : [name]),
    type: 'bin',
    phases: requestOnly,
    ask: (context) => {
      const value = values(context)[0]
      return value === undefined ? undefined : Buffer.from(value, 'latin1')
    },
    all: (context) => values(context).map((value) => Buffer.from(value, 'latin1')),
  })
}

/** The words of haproxy.cfg for these. */
export const bodyFetches: readonly FetchDefinition[] = [
  ...[requestBody, requestBodyLength, requestBodySize, responseBody, responseBodyLength, responseBodySize].map(
    (sample) => defineFetch({ ...sample, make: () => sample }),
  ),
  defineFetch({
    name: 'req.body_param',
    type: 'bin',
    phases: requestOnly,
    arguments: [
      { name: 'name', type: 'string', optional: true },
      { name: 'i', type: 'enum', optional: true, oneOf: ['i'] },
    ],
    make: ([name, i]) => bodyParam((name as string | undefined) || undefined, { ignoreCase: i !== undefined }),
  }),
]
