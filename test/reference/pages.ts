/** The pages of docs/reference, made of the tables that the loader reads with: what a haproxy.cfg may say, and what it is in code. */
import { configWords } from '../../lib/config/config-words.js'
import type { ArgumentDefinition } from '../../lib/match/argument.js'
import { phases as everyPhase, type Phase } from '../../lib/match/phase.js'
import { predefinedAcls } from '../../lib/match/predefined.js'
import { type OwnName, type OwnNames, ownNames } from './docstrings.js'

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const row = (...cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(...heads), row(...heads.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n')

const code = (text: string): string => (text === '' ? '' : `\`${text}\``)
const codes = (texts: readonly string[]): string => texts.map(code).join(', ')
const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
  one.name < other.name ? -1 : 1

const page = (title: string, about: string, ...parts: readonly string[]): string =>
  `${['<!-- Made by `npm run docs:reference`: change the code, not this page. -->', `# ${title}`, about, ...parts].join('\n\n')}\n`

/** As the manual writes arguments: `(<index>[,<count>])`. */
function argumentsText(wanted: readonly ArgumentDefinition[]): string {
  if (wanted.length === 0) return ''
  const [first] = wanted
  // `acl(a,b,c…)` has a dozen that are alike.
  const shown = wanted.length > 6 && first !== undefined ? [{ ...first, repeated: true }] : wanted
  const texts = shown.map(({ name, type, oneOf, optional, repeated }, index) => {
    const kind = oneOf === undefined ? type : oneOf.join('/')
    const text = `${index === 0 ? '' : ','}${name === kind ? name : `${name}: ${kind}`}${repeated === true ? ',…' : ''}`
    return optional === true ? `[${text}]` : text
  })
  return `(${texts.join('')})`
}

const anyTraffic: readonly Phase[] = everyPhase.filter((phase) => phase !== 'check')

function phasesText(phases: readonly Phase[]): string {
  const has = (wanted: readonly Phase[]): boolean =>
    wanted.length === phases.length && wanted.every((phase) => phases.includes(phase))
  if (has(everyPhase)) return 'everywhere'
  if (has(anyTraffic)) return 'everywhere but checks'
  const first = phases[0]
  if (first !== undefined && phases.length > 1 && has(anyTraffic.slice(anyTraffic.indexOf(first))))
    return `from ${first} on`
  return phases.join(', ')
}

/** Ours, each once. */
const ours = (names: OwnNames, ...words: readonly string[]): readonly OwnName[] => {
  const found = words.flatMap((word) => names.get(word) ?? [])
  return found.filter((one, index) => found.findIndex(({ name }) => name === one.name) === index)
}
const ownText = (found: readonly OwnName[]): string => codes(found.map(({ name }) => name))
const summaryOf = (found: readonly OwnName[]): string => found[0]?.summary ?? ''

function questions(): string {
  const names = ownNames('match/fetches', 'proxy/fetches', 'observe/fetches', 'table', 'match/patterns')
  const definitions = [...new Set([...configWords.fetches.values()].map(({ definition }) => definition))].sort(byName)
  const rows = definitions.map(({ name, aliases, arguments: wanted, type, phases, strictPhases, unavailable }) => {
    const own = ours(names, name, ...aliases)
    const strict = strictPhases === undefined ? '' : `; in a haproxy.cfg ${phasesText(strictPhases)}`
    const why = unavailable === undefined ? '' : `No value here: ${unavailable}.`
    const word = `${name}${argumentsText(wanted)}`
    return [code(word), codes(aliases), ownText(own), type, `${phasesText(phases)}${strict}`, why || summaryOf(own)]
  })
  const derived = definitions
    .filter(({ derivatives }) => derivatives.size > 0)
    .map(({ name, derivatives }) => [code(name), codes([...derivatives.keys()])])
  return page(
    'Questions',
    'What can be asked: fetches of a haproxy.cfg, and what they are in code. What has no name in code is reached by a haproxy.cfg only.',
    table(['haproxy.cfg', 'also', 'in code', 'type', 'where', ''], rows),
    '## Words with a way to match\n\nOnly ACLs know these: `path_beg /x` is `path -m beg /x`.',
    table(['question', 'words'], derived),
    '## ACLs that are always there',
    table(
      ['name', 'is'],
      predefinedAcls.map(({ name, words }) => [code(name), code(words.join(' '))]),
    ),
  )
}

const conversionFiles = ['match/text-conversions.ts', 'match/number-conversions.ts', 'match/bytes-conversions.ts']
const sampleFiles = ['address', 'flag', 'number', 'bytes', 'text'].map((kind) => `match/${kind}-sample.ts`)

function converters(): string {
  const names = ownNames(...conversionFiles, ...sampleFiles, 'match/patterns', 'match/converters')
  const definitions = [...new Set(configWords.converters.values())].sort(byName)
  const rows = definitions.map(({ name, aliases, arguments: wanted, from, type, phases }) => {
    const own = ours(names, name, ...aliases)
    const where = phasesText(phases)
    const to = type === 'same' ? 'as it came' : type
    const word = `${name}${argumentsText(wanted)}`
    return [code(word), codes(aliases), ownText(own), `${from} → ${to}`, where, summaryOf(own)]
  })
  return page(
    'Converters',
    "What makes another value of one: behind a comma in a haproxy.cfg (`req.hdr(host),lower`), a method in code (`header('host').lower()`). Values are cast to what a converter takes.",
    table(['haproxy.cfg', 'also', 'in code', 'types', 'where', ''], rows),
  )
}

function matches(): string {
  const inCode: Readonly<Record<string, string>> = {
    found: '.exists()',
    bool: 'a yes-or-no question is a condition itself',
    int: '.is(), .gt(), .ge(), .lt(), .le(), .between()',
    ip: '.is(), .in()',
    bin: '.is()',
    len: '.lengthIs(), .lengthIn()',
    str: '.is()',
    sub: '.contains()',
    reg: '.matches()',
    beg: '.startsWith()',
    end: '.endsWith()',
    dir: '.inDirectory()',
    dom: '.inDomain()',
  }
  const flags: Readonly<Record<string, readonly [string, string]>> = {
    '-i': ['.ignoringCase()', 'letters of either case are the same'],
    '-f': ['patterns()', 'patterns of a file'],
    '-m': ['', 'the way to match'],
    '-n': ['', 'names in place of addresses are no patterns'],
    '-u': ['', 'the number of the ACL'],
    '-M': ['map()', 'the file is a map'],
    '--': ['', 'ends the flags'],
  }
  return page(
    'Ways to match',
    'How a value is compared with patterns, manual chapter 7.1.',
    table(
      ['haproxy.cfg', 'in code'],
      [...configWords.matchMethods].map((method) => [code(`-m ${method}`), inCode[method] ?? '']),
    ),
    table(
      ['flag', 'in code', ''],
      [...configWords.flags].map((flag) => [code(flag), code(flags[flag]?.[0] ?? ''), flags[flag]?.[1] ?? '']),
    ),
  )
}

function actions(): string {
  const names = ownNames('rules', 'proxy')
  const rows = [...configWords.actions.values()].sort(byName).map(({ name, sets }) => {
    const own = ours(names, name.replace(/^track-sc\d$/, 'track-sc0'))
    return [code(name), codes(sets), ownText(own), summaryOf(own)]
  })
  return page(
    'Actions',
    'What rules can do. In code an action is a rule of `httpRequest`, `httpResponse`, `httpAfterResponse`, `tcpRequestConnection`, `tcpRequestSession`, `tcpRequestContent`, `tcpResponseContent`.',
    table(['haproxy.cfg', 'in', 'in code', ''], rows),
  )
}

function formats(): string {
  const rows = [...configWords.aliases.values()]
    .sort(byName)
    .map(({ name, kind, summary, http }) => [code(`%${name}`), kind, http ? 'HTTP' : '', summary])
  return page(
    'Formats',
    'Texts with samples in them: `%[expression]`, `%{flags}name`, `%%` for a percent sign in a haproxy.cfg; the tag `format` and `logVariable()` in code. Log variables, manual chapter 8.2.6:',
    table(['variable', 'kind', 'mode', ''], rows),
    '## Flags',
    table(
      ['flag', ''],
      [
        [code('+Q'), 'between double quotes, if it is a text'],
        [code('+X'), 'addresses, ports and some numbers in hexadecimal'],
        [code('+E'), '`"`, `\\` and `]` with a backslash in front, for structured data of RFC 5424'],
        [code('+json'), 'as a JSON value; for the whole format, its named items as one object'],
        [code('+cbor'), 'as a CBOR value'],
        [code('+bin'), 'CBOR as bytes, not as hexadecimal digits'],
      ],
    ),
  )
}

/** The pages by the names of their files. */
export const pages = (): ReadonlyMap<string, string> =>
  new Map([
    ['questions.md', questions()],
    ['converters.md', converters()],
    ['matches.md', matches()],
    ['actions.md', actions()],
    ['formats.md', formats()],
  ])
