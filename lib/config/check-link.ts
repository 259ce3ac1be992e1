/** `option httpchk`, `tcp-check …`, `option external-check` → health checks. */
import { expect, HealthCheck, type Step, sendRequest } from '../index.js'
import { type CheckRequestDraft, type CheckSet, makeText, type StepDraft, type TextDraft } from './check-draft.js'
import type { Place } from './diagnostic.js'
import type { Linker } from './linker.js'
import type { ProcessSettings } from './process-draft.js'
import type { ProxyDraft } from './proxy-draft.js'

/** How a backend checks those of its servers that say `check`. */
export function makeCheck(draft: ProxyDraft, linker: Linker, process: ProcessSettings): HealthCheck {
  const { kind } = draft.settings.check
  tellOfIgnored(draft, linker)
  if (kind === undefined) return HealthCheck.tcp()
  if (kind instanceof HealthCheck) return kind
  return kind === 'external-check' ? makeExternal(draft, linker, process) : makeSequence(draft, kind, linker)
}

const options: Readonly<Record<CheckSet, string>> = { 'tcp-check': 'option tcp-check', 'http-check': 'option httpchk' }

/** Steps, and more, that belong to another check than the one that was asked for. */
function tellOfIgnored({ settings, kind, name, said, file, line }: ProxyDraft, linker: Linker): void {
  const place = { file, line }
  for (const set of ['tcp-check', 'http-check'] as const) {
    if (settings.check.kind === set || !said.has(set) || settings.check.steps[set].length === 0) continue
    const message = `${kind} '${name}' uses ${set} rules without '${options[set]}', so the rules are ignored.`
    linker.diagnostics.warning(place, message, `add '${options[set]}'`)
  }
  if (settings.check.kind === 'external-check') return
  for (const word of ['command', 'path'] as const) {
    if (settings.check[word] === undefined) continue
    const message = `'external-check ${word}' will be ignored for ${kind} '${name}' (requires 'option external-check').`
    linker.diagnostics.warning(place, message, "add 'option external-check'")
  }
}

function makeSequence({ settings, file, line }: ProxyDraft, set: CheckSet, linker: Linker): HealthCheck {
  const { steps: drafts, request, disableOn404, sendState } = settings.check
  const list = set === 'http-check' ? withRequests(drafts[set], request, { file, line }) : drafts[set]
  const made = list.map((draft) => makeStep(draft, linker))
  const steps = made.filter((step) => step !== undefined)
  // A faulty step has been told of, and without it others may stand where they cannot.
  if (steps.length < made.length || (set === 'tcp-check' && steps.length === 0)) return HealthCheck.tcp()
  return HealthCheck.sequence(steps, set === 'http-check' ? { disableOn404, sendState } : {})
}

/** What only the options of a step can tell is told on its line. */
function makeStep(draft: StepDraft, linker: Linker): Step | undefined {
  const place = { file: draft.file, line: draft.line }
  try {
    return draft.kind === 'request' ? makeRequest(draft.request ?? {}, place, linker) : draft.make?.(linker)
  } catch (error) {
    linker.diagnostics.alert(place, (error as Error).message)
    return undefined
  }
}

/** The first request is what `option httpchk` says, and what its own line says more; without one, it comes as soon as it can. */
function withRequests(drafts: readonly StepDraft[], request: CheckRequestDraft, place: Place): readonly StepDraft[] {
  const first = drafts.findIndex(({ kind }) => kind === 'request')
  const connected = drafts.findIndex(({ kind }) => kind === 'connect') + 1
  const merged: readonly StepDraft[] =
    first < 0
      ? [...drafts.slice(0, connected), { kind: 'request', request, ...place }, ...drafts.slice(connected)]
      : drafts.map((draft, index) =>
          index === first ? { ...draft, request: { ...request, ...draft.request } } : draft,
        )
  const last = merged.findLast(({ kind }) => kind !== 'action' && kind !== 'comment')
  if (last?.kind !== 'request') return merged
  return [...merged, { kind: 'expect', make: () => expect.status('200-399'), ...place }]
}

function makeRequest(request: CheckRequestDraft, place: Place, linker: Linker): Step | undefined {
  const { method = 'OPTIONS', version, headers = [], host, comment } = request
  const text = (draft: TextDraft) => makeText(draft, 'http-check send', place, linker)
  const hasHost = headers.some(([name]) => name.toLowerCase() === 'host')
  const all = host === undefined || hasHost ? headers : [['host', host] as const, ...headers]
  const fields = all.map(([name, value]) => [name, text(value)] as const)
  const path = request.uri === undefined ? '/' : text(request.uri)
  const body = request.body === undefined ? '' : text(request.body)
  if (path === undefined || body === undefined || fields.some(([, value]) => value === undefined)) return undefined
  return sendRequest({
    method,
    path,
    headers: fields as [string, string][],
    body,
    ...(version === undefined ? {} : { version }),
    ...(comment === undefined ? {} : { comment }),
  })
}

/** A program may do whatever this process may: `global` has to allow it. */
function makeExternal(draft: ProxyDraft, linker: Linker, { externalCheck }: ProcessSettings): HealthCheck {
  const { command, path } = draft.settings.check
  const fault = externalFault(command, path, externalCheck)
  if (fault !== undefined) {
    const [message, advice] = fault
    linker.diagnostics.alert({ file: draft.file, line: draft.line }, `Proxy '${draft.name}' : ${message}`, advice)
  }
  if (fault !== undefined || command === undefined) return HealthCheck.tcp()
  const [bind] = draft.binds
  return HealthCheck.external({
    command,
    ...(path === undefined ? {} : { path }),
    ...(externalCheck === 'preserve-env' ? { preserveEnvironment: true } : {}),
    ...(bind === undefined ? {} : { proxy: toldOf(bind.address) }),
  })
}

function externalFault(
  command: string | undefined,
  path: string | undefined,
  allowed: ProcessSettings['externalCheck'],
): readonly [message: string, advice: string] | undefined {
  if (allowed === undefined)
    return [
      "'option external-check' unable to find required 'global.external-check'.",
      "write 'external-check' in 'global'",
    ]
  if (command === undefined)
    return [
      "'option external-check' unable to find required 'external-check command'.",
      "say which program it is with 'external-check command'",
    ]
  if (path !== undefined || command.startsWith('/')) return undefined
  return [
    "'external-check command' does not have a leading '/' and 'external-check path' is not set.",
    'write the whole path of the program',
  ]
}

/** A bind's address as programs are told of it. */
function toldOf(address: string): { readonly address: string; readonly port: string } {
  const colon = address.lastIndexOf(':')
  if (address.startsWith('/')) return { address, port: '' }
  if (address.includes('@') || colon < 0) return { address: '', port: '' }
  const host = address.slice(0, colon).replace(/^\[|\]$/g, '')
  return { address: host === '' || host === '*' ? '0.0.0.0' : host, port: address.slice(colon + 1) }
}
