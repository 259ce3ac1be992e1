/** Where a haproxy.cfg may ask each question: exactly where HAProxy lets it be asked. */
import t from 'tap'
import { configWords } from '../../lib/config/config-words.js'
import type { FetchDefinition } from '../../lib/match/fetch.js'
import type { Phase } from '../../lib/match/phase.js'
import { observedPlaces } from './observed-places.js'

const letters: readonly (readonly [letter: string, phase: Phase])[] = [
  ['C', 'connection'],
  ['S', 'session'],
  ['T', 'content'],
  ['Q', 'request'],
  ['P', 'responseContent'],
  ['R', 'response'],
  ['L', 'log'],
]

/** HAProxy has these in rules of both messages; the loader makes the response's own fetch of them there. */
const ofBoth = new Set(['cookie', 'hdr', 'payload', 'payload_lv'])
/** Asked of what a server sends, they have no value in HAProxy either. */
const ofClients = new Set(['distcc_body', 'distcc_param'])

/** Content rules may ask whatever HTTP rules may: the message is there, or is read from the first bytes. */
function placesOf({ phases, strictPhases }: FetchDefinition): string {
  const given = new Set(strictPhases ?? phases)
  if (given.has('request')) given.add('content')
  if (given.has('response')) given.add('responseContent')
  return letters.map(([letter, phase]) => (given.has(phase) ? letter : '')).join('')
}

/** In the rules of a frontend, no backend has been chosen before the response. */
const inBackends = (places: string, { backendOnly }: FetchDefinition): string =>
  backendOnly === true ? places.replace(/[TQ]/g, '') : places

t.test('each fetch', async (t) => {
  for (const [observed, names] of Object.entries(observedPlaces)) {
    for (const name of names.trim().split(/\s+/)) {
      const definition = configWords.fetches.get(name)?.definition
      if (definition === undefined) {
        t.fail(`${name} is not known any more`)
        continue
      }
      const expected = ofBoth.has(name) || ofClients.has(name) ? observed.replace(/[PRL]/g, '') : observed
      const seen = inBackends(placesOf(definition), definition)
      t.equal(ofClients.has(name) ? seen.replace('T', 'TQ') : seen, expected, name)
    }
  }
})

t.test('what is asked while a configuration is loaded', async (t) => {
  const standalone = [...configWords.fetches].filter(([, { definition }]) => definition.standalone === true)
  t.strictSame(
    standalone.map(([name]) => name).sort(),
    'always_false always_true bin bool date date_us env hostname int ipv4 ipv6 meth nbproc proc rand str tgroup thread uuid var'.split(
      ' ',
    ),
    'only what needs no traffic',
  )
})
