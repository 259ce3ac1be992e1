/** What this process is called among its peers: `-L`, `localpeer`, or the name of the host. */
import { hostname } from 'node:os'
import type { Loading } from './keyword.js'

/** As it is at this point of the files. */
export function localPeerOf({ process, environment }: Pick<Loading, 'process' | 'environment'>): string {
  return process.localPeer ?? process.settings.localPeer ?? environment.get('HAPROXY_LOCALPEER') ?? hostname()
}
