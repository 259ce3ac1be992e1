/** The error pages of a section. */
import { ErrorPages, type Page } from '../index.js'
import type { Linker } from './linker.js'
import type { ProxyDraft } from './proxy-draft.js'

/** Of lines that speak of the same status, the last one counts. */
export function errorPages({ settings }: ProxyDraft, linker: Linker): { readonly errorPages?: ErrorPages } {
  const pages = new Map<number, Page>()
  for (const [status, page] of settings.pages.flatMap((make) => make(linker))) {
    if (page === undefined) pages.delete(status)
    else pages.set(status, page)
  }
  return pages.size === 0 ? {} : { errorPages: new ErrorPages(pages) }
}
