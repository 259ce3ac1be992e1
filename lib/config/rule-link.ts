/** The rule sets of a section. */
import { all, type Condition, frontendName, not, type Phase, Rule } from '../index.js'
import type { Linker } from './linker.js'
import { isDynamic, type ProxyDraft, type RuleSetName } from './proxy-draft.js'

/** The rules that frontends and backends have alike. */
export interface RuleSets {
  readonly tcpRequestContent: readonly Rule<'content'>[]
  readonly httpRequest: readonly Rule<'request'>[]
  readonly httpResponse: readonly Rule<'response'>[]
  readonly httpAfterResponse: readonly Rule<'afterResponse'>[]
}

const noRules: RuleSets = { tcpRequestContent: [], httpRequest: [], httpResponse: [], httpAfterResponse: [] }

/** The rules of one set; those that are faulty have been told. */
export function rulesOf<P extends Phase>(draft: ProxyDraft, set: RuleSetName, linker: Linker): readonly Rule<P>[] {
  const redirects = set === 'http-request' ? draft.redirects : []
  const made = [...(draft.rules.get(set) ?? []), ...redirects].map((rule) => rule(linker))
  // Where each rule may stand has been checked as it was made.
  return made.filter((rule) => rule !== undefined) as unknown as readonly Rule<P>[]
}

/** All that frontends and backends have alike. */
export function ruleSets(draft: ProxyDraft, linker: Linker): RuleSets {
  const sets: RuleSets = {
    tcpRequestContent: rulesOf<'content'>(draft, 'tcp-request content', linker),
    httpRequest: rulesOf<'request'>(draft, 'http-request', linker),
    httpResponse: rulesOf<'response'>(draft, 'http-response', linker),
    httpAfterResponse: rulesOf<'afterResponse'>(draft, 'http-after-response', linker),
  }
  // That the others mean nothing in TCP mode has been told where they stand.
  return draft.settings.mode === 'tcp' ? { ...noRules, tcpRequestContent: sets.tcpRequestContent } : sets
}

/**
 * A listen's rules stand in its frontend. Its backend has them, too, for requests that come from other frontends: for its own they
 * must not run twice.
 */
export function foreignRules(draft: ProxyDraft, linker: Linker, proxies: readonly ProxyDraft[]): Partial<RuleSets> {
  const others = proxies.filter((other) => other !== draft)
  const used = others.some(
    ({ routes, settings }) =>
      settings.defaultBackend?.name === draft.name ||
      routes.some((route) => route.name === draft.name || isDynamic(route)),
  )
  if (!used) return {}
  const foreign = not(frontendName.is(draft.name)) as unknown as Condition<Phase>
  const guarded = <P extends Phase>(rules: readonly Rule<P>[]): readonly Rule<P>[] =>
    rules.map((rule) => {
      const condition = rule.condition === undefined ? foreign : all<P>(foreign, rule.condition)
      return new Rule<P>(rule.name, rule.phases, rule.action, condition, rule.where)
    })
  const sets = ruleSets(draft, linker)
  return {
    tcpRequestContent: guarded(sets.tcpRequestContent),
    httpRequest: guarded(sets.httpRequest),
    httpResponse: guarded(sets.httpResponse),
    httpAfterResponse: guarded(sets.httpAfterResponse),
  }
}
