/** `option httpchk`, `http-check …` and a server's own check options → health checks. */
import { type Expectation, HealthCheck, type ServerOptions } from '../index.js'
import type { RegexCompiler } from '../match/regex.js'
import { hasCheckRules } from './keywords/health.js'
import type { Linker } from './linker.js'
import type { ExpectationDraft, ProxyDraft, ServerDraft } from './proxy-draft.js'

function expectation({ kind, pattern, not }: ExpectationDraft, compile: RegexCompiler): Expectation {
  const negated = not ? { not } : {}
  switch (kind) {
    case 'status':
      return { status: pattern, ...negated }
    case 'string':
      return { string: pattern, ...negated }
    case 'rstatus':
      return { rstatus: compile(pattern).regExp, ...negated }
    default:
      return { rstring: compile(pattern).regExp, ...negated }
  }
}

/** How a backend checks those of its servers that say `check`. */
export function makeCheck(draft: ProxyDraft, linker: Linker): HealthCheck {
  const { settings, kind, name } = draft
  if (settings.checkKind !== 'http') {
    if (hasCheckRules(settings) && draft.said.has('http-check')) {
      const message = `${kind} '${name}' uses http-check rules without 'option httpchk', so the rules are ignored.`
      linker.diagnostics.warning(draft, message, "add 'option httpchk'")
    }
    return HealthCheck.tcp()
  }
  const { method, uri, version, headers, body } = settings.checkRequest
  const { expectations } = settings
  return HealthCheck.http({
    method: method ?? 'OPTIONS',
    path: uri ?? '/',
    version: version ?? '1.0',
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body }),
    ...(expectations.length === 0
      ? {}
      : { expect: expectations.map((draft) => expectation(draft, linker.compileRegex)) }),
  })
}

/** The options of a server, for its constructor. */
export function serverOptions({ settings, id }: ServerDraft): ServerOptions {
  const { check, checkPort, checkAddress, interval, fastInterval, downInterval, rise, fall, ...rest } = settings
  const timing = Object.entries({ interval, fastInterval, downInterval, rise, fall }).filter(
    ([, value]) => value !== undefined,
  )
  return {
    ...rest,
    check: check === true,
    ...(id === undefined ? {} : { id }),
    ...(checkPort === undefined ? {} : { checkPort }),
    ...(checkAddress === undefined ? {} : { checkAddress }),
    ...(timing.length === 0 ? {} : { checkTiming: Object.fromEntries(timing) }),
  }
}
