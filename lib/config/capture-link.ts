/** Drafts → options of a frontend: what it captures of messages, and the ids that it gives to transactions. */
import type { FrontendOptions } from '../index.js'
import type { Text } from '../match/format.js'
import type { Linker } from './linker.js'
import type { ProcessSettings } from './process-draft.js'
import type { ProxyDraft } from './proxy-draft.js'

/** Bytes of a captured cookie, where `tune.http.cookielen` does not say how many. */
const LONGEST_COOKIE = 63

export function keptOptions(
  { captures, settings, kind, name, file, line }: ProxyDraft,
  linker: Linker,
  { cookieLength = LONGEST_COOKIE }: ProcessSettings,
): Pick<FrontendOptions, 'captures' | 'uniqueId'> {
  const { request, response, cookie } = captures
  if (cookie !== undefined && cookie.length > cookieLength)
    linker.diagnostics.warning(
      { file, line },
      `truncating capture length to ${cookieLength} bytes for ${kind} '${name}'.`,
      "write 'tune.http.cookielen' into 'global'",
    )
  const any = request.length + response.length > 0 || cookie !== undefined
  const { format, header, place } = settings.uniqueId ?? {}
  const checkpoint = { phases: ['request'], name: 'unique-id-format' } as const
  const text = format === undefined || place === undefined ? undefined : linker.format(format, place, checkpoint)
  return {
    ...(any
      ? {
          captures: {
            request,
            response,
            ...(cookie === undefined ? {} : { cookie: { ...cookie, length: Math.min(cookie.length, cookieLength) } }),
          },
        }
      : {}),
    // Without a format there is nothing to tell.
    ...(text === undefined ? {} : { uniqueId: { format: text as Text<'request'>, header } }),
  }
}
