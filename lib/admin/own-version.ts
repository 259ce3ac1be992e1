/** Which version of us this is, from our own package.json, which lies above wherever the build was put. */
import { readFileSync, statSync } from 'node:fs'

interface Package {
  readonly name: string
  readonly version: string
}

function find(from: string): { readonly place: URL; readonly version: string } | undefined {
  for (let folder = new URL('.', from); ; folder = new URL('..', folder)) {
    const place = new URL('package.json', folder)
    try {
      const { name, version } = JSON.parse(readFileSync(place, 'utf8')) as Package
      if (name === 'fairlead') return { place, version }
    } catch {
      // No package here: it is further up.
    }
    if (folder.pathname === '/') return undefined
  }
}

/** `unknown` where there is no package. */
export const ownVersion = (from: string = import.meta.url): string => find(from)?.version ?? 'unknown'

/** As `show info` has it, `2026/10/17`: when the package was made. */
export function releaseDate(from: string = import.meta.url): string {
  const found = find(from)
  const made = found === undefined ? new Date(0) : statSync(found.place).mtime
  return made.toISOString().slice(0, 10).replaceAll('-', '/')
}
