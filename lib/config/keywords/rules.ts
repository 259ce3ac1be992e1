/** The keywords that hold rules: `http-request`, `http-response`, `http-after-response`, `tcp-request`, `redirect`, and `acl`. */
import { type ActionKeyword, readAction, readRule } from '../action.js'
import { readAcl } from '../expression.js'
import { clientSide, everywhere, type Line, notInDefaults, type ProxyKeyword, serverSide } from '../keyword.js'
import { keywordTable } from '../keyword-table.js'
import type { ProxyDraft, RuleSetName } from '../proxy-draft.js'
import { isOrdered, noteRule } from '../rule-order.js'
import { readTime } from '../values.js'
import { answeringActions } from './actions.js'
import { captureAction } from './captures.js'
import { engineActions } from './engine-actions.js'
import { bandwidthAction } from './filters.js'
import { headerActions } from './header-actions.js'
import { logActions } from './log-actions.js'
import { messageActions } from './message-actions.js'
import { patternActions } from './pattern-actions.js'
import { plainRedirect } from './redirect.js'
import { resolveAction } from './resolve-action.js'
import { targetActions } from './target-actions.js'
import { trackingActions } from './tracking-actions.js'
import { variableActions } from './variable-actions.js'

/** All actions. */
export const actions: ReadonlyMap<string, ActionKeyword> = keywordTable(
  answeringActions,
  messageActions,
  trackingActions,
  headerActions,
  targetActions,
  engineActions,
  variableActions,
  patternActions,
  logActions,
  [resolveAction, bandwidthAction, captureAction],
)

function addRule(line: Line, set: RuleSetName, draft: ProxyDraft): void {
  if (isOrdered(set)) noteRule(line, draft, set)
  const rule = readRule(line, set, draft)
  if (rule === undefined) return
  const rules = draft.rules.get(set)
  if (rules === undefined) draft.rules.set(set, [rule])
  else rules.push(rule)
}

const ruleSet = (name: RuleSetName, sections: ProxyKeyword['sections'] = everywhere): ProxyKeyword => ({
  name,
  sections,
  namedDefaultsOnly: true,
  parse: (line, draft) => {
    addRule(line, name, draft)
    if (
      draft.settings.mode === 'tcp' &&
      draft.said.has('mode') &&
      name.startsWith('http-') &&
      draft.kind !== 'defaults'
    ) {
      line.warning(
        `'${name}' rules ignored for ${draft.kind} '${draft.name}' as they require HTTP mode.`,
        "write 'mode http'",
      )
    }
  },
})

const inspectDelay: ProxyKeyword = {
  name: 'tcp-request inspect-delay',
  sections: everywhere,
  namedDefaultsOnly: true,
  parse: (line, draft) => {
    const value = readTime(line, line.args[0], "'tcp-request inspect-delay'")
    if (value !== undefined && line.atMost(1)) draft.inspectDelay = value
  },
}

const responseInspectDelay: ProxyKeyword = {
  name: 'tcp-response inspect-delay',
  sections: serverSide,
  namedDefaultsOnly: true,
  parse: (line, draft) => {
    const value = readTime(line, line.args[0], "'tcp-response inspect-delay'")
    if (value !== undefined && line.atMost(1)) draft.responseInspectDelay = value
  },
}

const redirect: ProxyKeyword = {
  name: 'redirect',
  sections: notInDefaults,
  parse: (line, draft) => {
    noteRule(line, draft, 'redirect')
    const rule = readAction(line, 'http-request', plainRedirect, draft)
    if (rule !== undefined) draft.redirects.push(rule)
  },
}

const acl: ProxyKeyword = {
  name: 'acl',
  sections: everywhere,
  namedDefaultsOnly: true,
  parse: (line, draft) => readAcl(line, draft.acls),
}

export const ruleKeywords: readonly ProxyKeyword[] = [
  acl,
  ruleSet('http-request'),
  ruleSet('http-response'),
  ruleSet('http-after-response'),
  ruleSet('tcp-request connection', clientSide),
  ruleSet('tcp-request session', clientSide),
  ruleSet('tcp-request content'),
  ruleSet('tcp-response content', serverSide),
  inspectDelay,
  responseInspectDelay,
  redirect,
]
