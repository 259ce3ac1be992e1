/** A check that is a program. Manual, `external-check`. */
import { z } from 'zod'

/** Which program. */
export interface ExternalOptions {
  /** It is called with the address and port of the proxy and of the server, and succeeds with exit status 0. HAProxy: `external-check command`. */
  readonly command: string
  /** What it finds in `PATH`. Default: nothing. HAProxy: `external-check path`. */
  readonly path?: string
  /** It also gets the environment of this process. Default: no, only HAProxy's variables. HAProxy 3: `external-check preserve-env`. */
  readonly preserveEnvironment?: boolean
  /** What it is told of the proxy: HAProxy tells the first bind of a listen section, and that there is none of a backend. */
  readonly proxy?: { readonly address: string; readonly port: number | string }
}

export const externalOptions = {
  command: z.string({ error: 'must be a path' }).min(1, { error: 'must not be empty' }),
  path: z.string({ error: 'must be a text' }).optional(),
  preserveEnvironment: z.boolean({ error: 'must be true or false' }).optional(),
  proxy: z.strictObject({ address: z.string(), port: z.union([z.number(), z.string()]) }).optional(),
}

/** Such a check. */
export class ExternalCheck {
  readonly command: string
  readonly path: string
  readonly preserveEnvironment: boolean
  readonly proxy: ExternalOptions['proxy']

  constructor({ command, path, preserveEnvironment, proxy }: ExternalOptions) {
    this.command = command
    this.path = path ?? ''
    this.preserveEnvironment = preserveEnvironment === true
    this.proxy = proxy
  }
}
