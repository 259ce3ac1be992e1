/** Which files hold the states that servers had in the process before, and for which backends they count. Manual, `load-server-state-from-file`. */
import { isAbsolute } from 'node:path'
import type { Backend } from '../index.js'
import type { ProcessDraft } from './process-draft.js'
import { isBackend, type ProxyDraft } from './proxy-draft.js'

/** One file. */
export interface ServerStateFile {
  readonly path: string
  readonly backends: readonly Backend[]
  /** The backend whose own it is; nothing for the one of all. */
  readonly own: Backend | undefined
}

/** @param backends by name */
export function serverStateFiles(
  { settings }: ProcessDraft,
  drafts: readonly ProxyDraft[],
  backends: readonly Backend[],
): readonly ServerStateFile[] {
  const { serverStateBase: base, serverStateFile: file } = settings
  const at = (name: string): string =>
    base === undefined || isAbsolute(name) ? name : `${base.replace(/\/*$/, '')}/${name}`
  const made = drafts.filter(isBackend).flatMap((draft) => {
    const backend = backends.find(({ name }) => name === draft.name)
    return backend === undefined ? [] : [{ draft, backend }]
  })
  const ofAll = made.filter(({ draft }) => draft.settings.serverState === 'global')
  const own = made.filter(({ draft }) => draft.settings.serverState === 'local')
  return [
    ...(file === undefined ? [] : [{ path: at(file), backends: ofAll.map(({ backend }) => backend), own: undefined }]),
    ...own.map(({ draft, backend }) => ({
      path: at(draft.settings.serverStateName ?? draft.name),
      backends: [backend],
      own: backend,
    })),
  ]
}
