/** Where a server is, in the words in which HAProxy tells others. */
import type { Server } from './server.js'

/** Its address and port as texts; a unix socket's path, which has no port. */
export function placeOfServer({ parsed, resolved }: Server): { readonly address: string; readonly port: string } {
  switch (parsed.kind) {
    case 'ip':
      return { address: parsed.ip, port: String(parsed.port) }
    case 'name':
      return { address: resolved ?? parsed.name, port: String(parsed.port) }
    case 'unix':
      return { address: parsed.path, port: '' }
    default:
      return { address: '', port: '' }
  }
}
