import { addAcl, deny, Frontend, fullHeader, host, map, PatternSet, path, patterns, setHeader, src } from 'fairlead'

const bots = new PatternSet(['bot', 'crawler'])

/** Sets and maps in files, and how they change while traffic runs. */
export function guarded(lines: Iterable<string>) {
  const blocked = patterns('blocked.lst') // one pattern a line; or new PatternSet(['192.0.2.0/24', …])
  const sites = map('hosts.map') // a pattern and its value a line; or new PatternMap([['a.example', 'main'], …])

  const edge = new Frontend('edge', {
    httpRequest: [
      deny(403).if(blocked.matches(src)), // `src -f blocked.lst`
      deny(404).if(bots.matches(fullHeader('user-agent'), { match: 'sub', ignoreCase: true })),
      setHeader('x-site', sites.lookup(host, { default: 'none' })),
      addAcl(blocked, src).if(path.is('/trap')), // `http-request add-acl(blocked.lst) %[src]`
    ],
  })

  blocked.add('198.51.100.7') // seen by the next request
  sites.set('www.example.com', 'main')

  const next = blocked.prepare() // a whole list, taken over at once
  for (const line of lines) blocked.add(line, undefined, next)
  blocked.commit(next)
  return edge
}
