/** How a proxy treats its connections: the words and the order in which they win over each other. */
import { z } from 'zod'

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

const strength: Record<ConnectionMode, number> = { keepAlive: 0, serverClose: 1, close: 2 }

/** Of a frontend's and a backend's mode, the one that holds for both (manual, chapter 4: the table of connection modes). */
export const strongerMode = (one: ConnectionMode, other: ConnectionMode): ConnectionMode =>
  strength[one] >= strength[other] ? one : other
