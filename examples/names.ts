import { Backend, discover, Resolvers, Server, serverTemplate } from 'fairlead'

/** The name servers of a cluster: asked once a second, and an answer that is none counts after ten. */
const dns = new Resolvers('dns', {
  nameservers: ['10.0.0.53:53', 'tcp@10.0.0.54:53'],
  timeouts: { resolve: '1s', retry: '500ms' },
  hold: { nx: '10s', timeout: '30s', obsolete: '2s' },
  payloadSize: 4096,
})

/** One server that moves with its name. */
export const api = new Backend('api', {
  servers: [
    new Server('api', 'api.example.com:80', { resolvers: dns, resolvePrefer: 4, initialAddress: ['libc', 'none'] }),
  ],
})

/** As many of up to twenty as the service has places, with their ports and weights. */
export const shop = new Backend('shop', {
  servers: serverTemplate('shop', 20, '_http._tcp.shop.service.consul', { resolvers: dns, check: true }),
})

/** Servers that something else knows of. */
export function jobs(
  watch: (signal: AbortSignal) => AsyncIterable<readonly { id: string; ip: string; port: number }[]>,
) {
  return new Backend('jobs', {
    servers: discover(async function* ({ signal }) {
      for await (const instances of watch(signal))
        yield instances.map(({ id, ip, port }) => ({ name: id, address: `${ip}:${port}` }))
    }),
  })
}
