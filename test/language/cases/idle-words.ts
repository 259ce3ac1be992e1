/** Words of HAProxy's inner works that nothing here answers to: they load, and the loader says that nothing comes of them. */
import type { LanguageCase } from '../case.js'

/** It has a value, which stands for none: what is told of it is another matter. */
const untried = new Set(['fetch:term_events'])

const told = (covers: string, lines: Partial<LanguageCase>, expect: string): LanguageCase => ({
  name: covers,
  covers: untried.has(covers) ? [] : [covers],
  expression: 'src',
  sees: ['load'],
  expect,
  ...lines,
})

const none = 'has no effect here'

export const cases: readonly LanguageCase[] = [
  told('keyword:option http-no-delay', { frontend: ['option http-no-delay'] }, `'option http-no-delay' ${none}`),
  told(
    'keyword:option use-small-buffers',
    { backend: ['option use-small-buffers', 'server s1 {server}'], since: '3.3' },
    none,
  ),
  told('global:tune.pattern.cache-size', { global: ['tune.pattern.cache-size 5'] }, none),
  told(
    'global:h1-do-not-close-on-insecure-transfer-encoding',
    { global: ['h1-do-not-close-on-insecure-transfer-encoding'], since: '3.3' },
    none,
  ),
  told(
    'global:h1-accept-payload-with-any-method',
    { global: ['h1-accept-payload-with-any-method'], since: '2.6.14' },
    none,
  ),
  told('bind:level', { bind: 'level admin' }, `'level' ${none}`),
  told('bind:severity-output', { bind: 'severity-output string' }, `'severity-output' ${none}`),
  told('bind:label', { bind: 'label x', since: '3.3' }, `'label' ${none}`),
  { name: 'term_events', covers: ['fetch:term_events'], expression: 'term_events', since: '3.2', expect: '-' },
  {
    name: 'section:program',
    covers: ['section:program'],
    sections: 'program p-{id}\n  command /bin/true',
    sees: ['load'],
    since: '3.3',
    expect: "section 'program' was removed in HAProxy 3.3",
  },
  told('fetch:term_events', { expression: 'term_events', since: '3.2' }, "'term_events' never has a value here"),
  ...['tcp-request connection', 'tcp-request session'].map((set) =>
    told(
      `action:${set} do-log`,
      { frontend: [`${set} do-log`], since: '3.1' },
      'does nothing: a connection is not logged before it has been admitted',
    ),
  ),
  told('keyword:description', { frontend: ['description what it is for'] }, "'description' has no effect yet"),
]
