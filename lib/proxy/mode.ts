/** How a proxy treats its connections: the words and the order in which they win over each other. */
import { z } from 'zod'
import { OptionError } from '../base/errors.js'

/** `http` understands requests and responses; `tcp` passes bytes. */
export type Mode = 'http' | 'tcp'

/**
 * What happens to connections after a response. `keepAlive`: both stay open. `serverClose`: the server's is closed, the client's stays
 * (`option http-server-close`). `close`: both are closed (`option httpclose`).
 */
export type ConnectionMode = 'keepAlive' | 'serverClose' | 'close'

export const modeOption = z.enum(['http', 'tcp'], { error: "must be 'http' or 'tcp'" })
export const connectionModeOption = z.enum(['keepAlive', 'serverClose', 'close'], {
  error: "must be 'keepAlive', 'serverClose' or 'close'",
})

const NO_REQUESTS = "there are no requests in mode 'tcp': write tcpRequestContent"

/** In TCP mode there are no requests: rules for them would never be asked, and what they guard would stand open. */
export function checkModeOfRules(
  subject: string,
  mode: Mode,
  rules: Readonly<Record<string, { readonly length: number; forbid(reason: string): void }>>,
): void {
  if (mode === 'http') return
  for (const [option, set] of Object.entries(rules)) {
    if (set.length > 0) throw new OptionError(subject, option, NO_REQUESTS)
    set.forbid(NO_REQUESTS)
  }
}

const strength: Record<ConnectionMode, number> = { keepAlive: 0, serverClose: 1, close: 2 }

/** Of a frontend's and a backend's mode, the one that holds for both (manual, chapter 4: the table of connection modes). */
export const strongerMode = (one: ConnectionMode, other: ConnectionMode): ConnectionMode =>
  strength[one] >= strength[other] ? one : other
