/** `option httpchk`, `http-check …` and a server's own check options → health checks. */
import { type CheckMatch, type Expectation, type FieldExpectation, HealthCheck } from '../index.js'
import type { RegexCompiler } from '../match/regex.js'
import { hasCheckRules } from './keywords/health.js'
import type { Linker } from './linker.js'
import type { ExpectationDraft, ProxyDraft } from './proxy-draft.js'

function expectation(draft: ExpectationDraft, compile: RegexCompiler): Expectation {
  const { kind, pattern, not } = draft
  const negated = not ? { not } : {}
  switch (kind) {
    case 'hdr':
    case 'fhdr':
      return { header: headerExpectation(draft, compile), ...negated }
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

function headerExpectation(draft: ExpectationDraft, compile: RegexCompiler): FieldExpectation {
  const { kind, pattern, nameMatch = 'str', value, valueMatch = 'str' } = draft
  const part = (text: string, match: string): string | RegExp => (match === 'reg' ? compile(text).regExp : text)
  return {
    name: part(pattern, nameMatch),
    ...(nameMatch === 'reg' ? {} : { nameMatch: nameMatch as CheckMatch }),
    ...(value === undefined ? {} : { value: part(value, valueMatch) }),
    ...(value === undefined || valueMatch === 'reg' ? {} : { valueMatch: valueMatch as CheckMatch }),
    full: kind === 'fhdr',
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
    const { checkKind, protocolCheck } = settings
    return checkKind === 'protocol' && protocolCheck !== undefined ? protocolCheck : HealthCheck.tcp()
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
