/** Questions about the first lines of a transaction's messages as they came, whatever rules made of them; its record knows. */
import type { Context } from '../../match/context.js'
import { defineFetch, type FetchDefinition } from '../../match/fetch.js'
import { clientPhases } from '../../match/fetches/phases.js'
import type { ClientPhase, Phase } from '../../match/phase.js'
import { TextSample } from '../../match/text-sample.js'
import type { Request } from '../../message/request.js'
import type { Response } from '../../message/response.js'
import type { TransactionRecord } from '../record.js'

/** The record of an HTTP transaction; of rules that are tried alone there is none, and the request is asked. */
function asked(
  name: string,
  ofRecord: (record: TransactionRecord) => string | undefined,
  ofRequest: (request: Request) => string | undefined,
): TextSample<ClientPhase> {
  return new TextSample<ClientPhase>({
    name,
    type: 'str',
    phases: clientPhases,
    ask: (context: Context) => {
      const record = context.record as TransactionRecord | undefined
      if (record !== undefined && record.method !== '') return ofRecord(record)
      const request = context.request as Request | undefined
      return request === undefined ? undefined : ofRequest(request)
    },
  })
}

/** The method that the client sent. HAProxy: `capture.req.method`. */
export const sentMethod: TextSample<ClientPhase> = asked(
  'capture.req.method',
  ({ method }) => method,
  ({ method }) => method,
)
/** From its first slash behind scheme and host on; `*` and the like have none. */
const withoutHost = ({ target }: { readonly target: string }): string | undefined =>
  /^(?:[a-z][a-z0-9+.-]*:\/\/[^/?]*)?(\/.*)/i.exec(target)?.[1]

/** The target that the client sent, without scheme and host. HAProxy: `capture.req.uri`. */
export const sentTarget: TextSample<ClientPhase> = asked('capture.req.uri', withoutHost, withoutHost)
/** `HTTP/1.0` or `HTTP/1.1`. HAProxy: `capture.req.ver`. */
export const sentVersion: TextSample<ClientPhase> = asked(
  'capture.req.ver',
  ({ version }) => version,
  ({ version }) => `HTTP/${version}`,
)

/** The version of the answer. HAProxy: `capture.res.ver`. */
export const answeredVersion: TextSample<ClientPhase> = new TextSample<ClientPhase>({
  name: 'capture.res.ver',
  type: 'str',
  phases: clientPhases,
  ask: ({ response }) => ((response as Response | undefined) === undefined ? undefined : `HTTP/${response.version}`),
})

const strictPhases: readonly Phase[] = clientPhases.filter((phase) => phase !== 'connection' && phase !== 'session')

/** The words of haproxy.cfg for these. */
export const requestLineFetches: readonly FetchDefinition[] = [
  sentMethod,
  sentTarget,
  sentVersion,
  answeredVersion,
].map((sample) => defineFetch({ ...sample, strictPhases, make: () => sample }))
