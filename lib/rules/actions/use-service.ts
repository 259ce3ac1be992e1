/** `service`, `useService`: a handler of the host app that answers requests in place of a backend. */
import { z } from 'zod'
import { checkOptions, durationOption, instanceOption, nameOption } from '../../base/options.js'
import { Rule } from '../rule.js'
import type { InProcessService, ServiceHandler } from '../verdict.js'

export interface ServiceOptions {
  /** How long the handler may take to give its answer (not to send it): milliseconds, or text as in `'2s'`. Then the client gets 504. Default 30s. */
  readonly timeout?: number | string | undefined
}

const handlerOption = z.custom<ServiceHandler>((given) => typeof given === 'function', { error: 'must be a function' })
const serviceOptions = z.strictObject({ timeout: durationOption.optional() })

/** A handler with its name; see {@link service}. */
export class Service implements InProcessService {
  readonly name: string
  readonly handle: ServiceHandler
  /** Milliseconds. */
  readonly timeout: number

  constructor(name: string, handle: ServiceHandler, options: ServiceOptions = {}) {
    this.name = checkOptions('service', nameOption, name)
    const subject = `service '${name}'`
    this.handle = checkOptions(subject, handlerOption, handle)
    this.timeout = checkOptions(subject, serviceOptions, options).timeout ?? 30_000
  }
}

/**
 * A service in this process, written as for `fetch`: it is given a standard `Request` and gives a `Response`. Both bodies are streams with backpressure.
 * The request's `signal` fires when the client leaves. A handler that throws is a 500 and a fault. Beyond HAProxy, whose services are Lua's.
 *
 * ```ts
 * const hello = service('hello', (request) => new Response(`hello ${new URL(request.url).searchParams.get('name')}`))
 * new Frontend('edge', { httpRequest: [useService(hello).if(path.is('/hello'))] })
 * ```
 *
 * Throws {@link OptionError} on a handler that is no function.
 */
export function service(name: string, handle: ServiceHandler, options: ServiceOptions = {}): Service {
  return new Service(name, handle, options)
}

/** Has a service answer the request; no server is asked, and the rules for responses see its answer. HAProxy: `http-request use-service`. */
export function useService(given: Service): Rule<'request'> {
  const served = checkOptions('useService', instanceOption(Service, 'must be a service, as service() gives it'), given)
  return new Rule(`use-service ${served.name}`, ['request'], () => ({ kind: 'serve', service: served }))
}
