/** Pages by status: those that a proxy has of its own, and those that several share. */
import { OptionError } from '../base/errors.js'
import type { Context, ErrorPages as PagesView } from '../match/context.js'
import { defaultReply, pageStatuses, type Reply } from './default-replies.js'
import { Page } from './page.js'

/** Pages by status. */
export type Pages = Readonly<Record<number, Page>> | Iterable<readonly [status: number, page: Page]>

/**
 * Error pages in place of the built-in ones, for the statuses that HAProxy makes answers of: for a proxy's `errorPages`, and for rules. HAProxy:
 * section `http-errors`. Throws {@link OptionError} on another status.
 *
 * ```ts
 * const pages = new ErrorPages({ 503: errorFile(await readFile('503.http')), 404: errorLocation('https://example.com/lost') })
 * new Frontend('edge', { errorPages: pages })
 * ```
 */
export class ErrorPages implements PagesView {
  readonly #pages: ReadonlyMap<number, Page>

  constructor(pages: Pages, subject = 'ErrorPages') {
    const pairs =
      Symbol.iterator in pages
        ? [...pages]
        : Object.entries(pages).map(([status, page]) => [Number(status), page] as const)
    for (const [status, page] of pairs) {
      if (!pageStatuses.includes(status))
        throw new OptionError(subject, `errorPages.${status}`, `must be one of ${pageStatuses.join(', ')}`)
      if (!(page instanceof Page))
        throw new OptionError(subject, `errorPages.${status}`, 'must be a page, as errorFile() gives it')
    }
    this.#pages = new Map(pairs)
  }

  /** The statuses that have a page. */
  get statuses(): readonly number[] {
    return [...this.#pages.keys()]
  }

  has(status: number): boolean {
    return this.#pages.has(status)
  }

  get(status: number): Page | undefined {
    return this.#pages.get(status)
  }

  /** Whether there is to be no answer at all for a status. */
  isSilent(status: number): boolean {
    return this.#pages.get(status)?.silent === true
  }

  /** The answer for a status. */
  page(status: number, context: Context): Reply | undefined {
    return this.#pages.get(status)?.make(context)
  }
}

/** The option of a proxy. */
export function decideErrorPages(subject: string, given: ErrorPages | Pages | undefined): ErrorPages | undefined {
  if (given === undefined || given instanceof ErrorPages) return given
  if (typeof given === 'object' && given !== null) return new ErrorPages(given, subject)
  throw new OptionError(subject, 'errorPages', 'must be pages by status, as in { 503: errorFile(text) }')
}

/** The page of a status: the proxy's in charge, or the built-in one. */
export function pageFor(context: Context, status: number): Reply {
  return context.backendPages?.page(status, context) ?? context.pages?.page(status, context) ?? defaultReply(status)
}
