/** The section `healthcheck`: one way to check servers, for those that name it on their lines. HAProxy 3.5. */

import type { Line, ProxyKeyword } from '../keyword.js'
import { findKeyword } from '../keyword-table.js'
import { type ProxyDraft, proxyDraft } from '../proxy-draft.js'
import type { SectionKeyword } from '../section-keyword.js'

const TYPES: readonly string[] =
  'tcp-check httpchk ssl-hello-chk smtpchk pgsql-check redis-check mysql-check ldap-check spop-check'.split(' ')

export const healthcheckSection: SectionKeyword = {
  name: 'healthcheck',
  open: ({ header, line, things }) => {
    const twin = things.healthChecks.get(header.name)
    if (twin !== undefined)
      line.alert(
        `healthcheck section '${header.name}' already exists (declared at ${twin.file}:${twin.line}).`,
        'choose another name',
      )
    if (!line.atMost(0)) return { take: () => {} }
    // It is read as a backend that has nothing but checks.
    const draft = proxyDraft({ ...header, word: 'backend' }, undefined)
    if (twin === undefined) things.healthChecks.set(header.name, { ...line.place, draft })
    return {
      take: (each) => takeLine(each, draft),
      end: () => {
        if (draft.settings.check.kind === undefined)
          line.alert(`healthcheck section '${header.name}' has no type.`, `write 'type' and one of ${TYPES.join(', ')}`)
      },
    }
  },
}

function takeLine(line: Line, draft: ProxyDraft): void {
  if (line.keyword !== 'type') {
    if (line.keyword === 'http-check' || line.keyword === 'tcp-check') parse(line, [line.keyword, ...line.args], draft)
    else
      line.alert(
        `unknown keyword '${line.keyword}' in 'healthcheck' section`,
        "it has 'type', 'http-check' and 'tcp-check' lines",
      )
    return
  }
  if (draft.settings.check.kind !== undefined) line.alert("'type' has been said already.", 'remove one of them')
  else if (!TYPES.includes(line.first))
    line.alert(`'type' expects a health check, got '${line.first}'.`, `write one of ${TYPES.join(', ')}`)
  else parse(line, ['option', ...line.args], draft)
}

/** As a proxy's line of these words. */
function parse(line: Line, words: readonly string[], draft: ProxyDraft): void {
  const keyword = findKeyword<ProxyKeyword>(line.loading.words.proxyKeywords, words)
  if (keyword === undefined) line.alert(`unknown keyword '${words.join(' ')}' in 'healthcheck' section`)
  else keyword.parse(line.under(keyword.name, words.slice(keyword.name.split(' ').length)), draft)
}
