/** Drafts → options of a frontend: what it captures of messages, and the ids that it gives to transactions. */
import type { FrontendOptions } from '../index.js'
import type { Text } from '../match/format.js'
import type { Linker } from './linker.js'
import type { ProxyDraft } from './proxy-draft.js'

export function keptOptions(
  { captures, settings }: ProxyDraft,
  linker: Linker,
): Pick<FrontendOptions, 'captures' | 'uniqueId'> {
  const { request, response, cookie } = captures
  const any = request.length + response.length > 0 || cookie !== undefined
  const { format, header, place } = settings.uniqueId ?? {}
  const checkpoint = { phases: ['request'], name: 'unique-id-format' } as const
  const text = format === undefined || place === undefined ? undefined : linker.format(format, place, checkpoint)
  return {
    ...(any ? { captures: { request, response, ...(cookie === undefined ? {} : { cookie }) } } : {}),
    // Without a format there is nothing to tell.
    ...(text === undefined ? {} : { uniqueId: { format: text as Text<'request'>, header } }),
  }
}
