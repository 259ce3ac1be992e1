/** What a section most likely does not mean: what it lacks, and what has no effect in its mode. */
import type { Diagnostics } from './diagnostic.js'
import type { ProcessDraft } from './process-draft.js'
import { isBackend, isFrontend, type ProxyDraft, type TimeoutName } from './proxy-draft.js'

/** Tells it of one proxy. */
export function warnOf(draft: ProxyDraft, process: ProcessDraft, diagnostics: Diagnostics): void {
  const { kind, name, settings } = draft
  const needed: readonly TimeoutName[] = [
    ...(isFrontend(draft) ? (['client'] as const) : []),
    ...(isBackend(draft) ? (['connect', 'server'] as const) : []),
  ]
  const used = draft.binds.length + draft.servers.length > 0
  const missing = needed.filter((timeout) => !((settings.timeouts[timeout] ?? 0) > 0))
  if (used && missing.length > 0) {
    const list = missing.map((timeout) => `'${timeout}'`).join(', ')
    diagnostics.warning(
      draft,
      `missing timeouts for ${kind} '${name}': without ${list}, a peer that stays silent is waited for without end.`,
      `add ${missing.map((timeout) => `'timeout ${timeout} <time>'`).join(', ')}`,
    )
  }
  if (isBackend(draft) && settings.serverState === 'global' && process.settings.serverStateFile === undefined)
    diagnostics.warning(
      draft,
      `${kind} '${name}' is to load the states of servers from the 'server-state-file' of 'global', which is not set.`,
      "write 'server-state-file <file>' into 'global'",
    )
  if (settings.mode === 'http') return
  if (isFrontend(draft) && settings.http.monitorUri !== undefined)
    diagnostics.warning(
      draft,
      `'monitor-uri' ignored for ${kind} '${name}' as it requires HTTP mode.`,
      "write 'mode http'",
    )
  if (isBackend(draft) && settings.switches['prefer-last-server'] === true)
    diagnostics.warning(
      draft,
      `'option prefer-last-server' ignored for ${kind} '${name}' as it requires HTTP mode.`,
      "write 'mode http'",
    )
  for (const set of ['http-request', 'http-response', 'http-after-response'] as const) {
    if ((draft.rules.get(set)?.length ?? 0) === 0) continue
    diagnostics.warning(
      draft,
      `'${set}' rules ignored for ${kind} '${name}' as they require HTTP mode.`,
      "write 'mode http'",
    )
  }
  if (draft.redirects.length > 0) {
    diagnostics.warning(
      draft,
      `'redirect' rules ignored for ${kind} '${name}' as they require HTTP mode.`,
      "write 'mode http'",
    )
  }
}
