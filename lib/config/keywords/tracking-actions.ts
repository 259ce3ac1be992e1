/** Actions on what stick tables remember: `track-sc0` …, `sc-inc-gpc0(0)`, `sc-inc-gpc(1,0)`, `sc-add-gpc(1,0) 5`, `sc-set-gpt0(0) 1`. */
import { track } from '../../index.js'
import { countTracked, markTracked } from '../../rules/actions/count.js'
import type { Numeric } from '../../rules/actions/number.js'
import { canBeKey } from '../../table/key.js'
import type { ActionKeyword, ActionLine } from '../action.js'
import type { RuleSetName } from '../proxy-draft.js'

const beforeTheAnswer: readonly RuleSetName[] = [
  'tcp-request connection',
  'tcp-request session',
  'tcp-request content',
  'http-request',
  'http-response',
]
const everySet: readonly RuleSetName[] = [...beforeTheAnswer, 'tcp-response content', 'http-after-response']

/** As many slots as there can be; how many there are is said by `tune.stick-counters`. */
const MOST_SLOTS = 100
const SLOTS = 3
const MOST_ELEMENTS = 100

const tracking = (slot: number): ActionKeyword => ({
  name: `track-sc${slot}`,
  sets: beforeTheAnswer,
  read: (words) => {
    const slots = words.line.loading.process.settings.stickCounters ?? SLOTS
    if (slot >= slots) {
      words.alert(
        `there is no slot ${slot}: there are ${slots}, from 0 on.`,
        `write 'tune.stick-counters ${slot + 1}' in the section global, before this one`,
      )
      return undefined
    }
    const key = words.next()
    if (key === undefined) {
      words.alert('missing fetch method.', `as in 'track-sc${slot} src'`)
      return undefined
    }
    let name: string | undefined
    if (words.words[0] === 'table') {
      words.words.shift()
      name = words.value('table')
      if (name === undefined) return undefined
    }
    const { place } = words.line
    return (linker, checkpoint) => {
      const sample = linker.sample(key, place, checkpoint)
      const table = linker.table(name, place, `track-sc${slot}`)
      if (sample === undefined || table === undefined) return undefined
      if (canBeKey(sample.type, table.key)) return track(table, sample, slot)
      words.alert(
        `stick-table '${table.name}' has a type incompatible with '${key}'.`,
        `its keys are of type ${table.key}`,
      )
      return undefined
    }
  },
})

/** The numbers between the parentheses; nothing when they are wrong, which has been told. */
function readNumbers(words: ActionLine, indexed: boolean, slots: number): readonly [number, number] | undefined {
  const example = indexed ? `${words.line.keyword}(0,0)` : `${words.line.keyword}(0)`
  if ((words.inner ?? '') === '' && !indexed) {
    words.line.warning(`'${words.line.keyword}' names no slot: it is about slot 0.`, `write '${example}'`)
    return [0, 0]
  }
  const given = (words.inner ?? '').split(',')
  const numbers = given.map((text) => (/^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN))
  const [first = Number.NaN, second = Number.NaN] = numbers
  const [index, slot] = indexed ? [first, second] : [0, first]
  if (!(slot < slots)) words.alert(`invalid slot, must be from 0 to ${slots - 1}.`, `as in '${example}'`)
  else if (Number.isNaN(index) || given.length > (indexed ? 2 : 1))
    words.alert(`'${words.inner}' are not its arguments.`, `as in '${example}'`)
  else {
    if (index >= MOST_ELEMENTS)
      words.line.warning(
        `'${words.line.keyword}' does nothing: no array has an element ${index}.`,
        'write one below 100',
      )
    return [index, slot]
  }
  return undefined
}

/** `<int>` or `<expr>`. */
function readAmount(words: ActionLine): string {
  const amount = words.next()
  if (amount !== undefined) return amount
  words.line.warning(`'${words.line.keyword}' has no value: it is 0.`, 'write a number or an expression')
  return '0'
}

type Maker = typeof countTracked

function changing(name: string, of: string, make: Maker, takesAmount: boolean): ActionKeyword {
  const indexed = !/\d$/.test(of)
  return {
    name,
    sets: everySet,
    read: (words) => {
      const slots = words.line.loading.process.settings.stickCounters ?? SLOTS
      const numbers = readNumbers(words, indexed, slots)
      if (numbers === undefined) return undefined
      const amount = takesAmount ? readAmount(words) : '1'
      const [element, slot] = numbers
      const shown = indexed ? `${name}(${element},${slot})` : `${name}(${slot})`
      return (linker, checkpoint) => {
        // Numbers have 32 bits: what is more, or less than 0, goes round, as in HAProxy.
        const by: Numeric<never> | undefined = /^-?\d+$/.test(amount)
          ? Number(BigInt.asUintN(32, BigInt(amount)))
          : linker.sample(amount, words.line.place, checkpoint)
        return by === undefined ? undefined : make(takesAmount ? `${shown} ${amount}` : shown, of, element, slot, by)
      }
    },
  }
}

export const trackingActions: readonly ActionKeyword[] = [
  ...Array.from({ length: MOST_SLOTS }, (_, slot) => tracking(slot)),
  changing('sc-inc-gpc0', 'gpc0', countTracked, false),
  changing('sc-inc-gpc1', 'gpc1', countTracked, false),
  changing('sc-inc-gpc', 'gpc', countTracked, false),
  changing('sc-add-gpc', 'gpc', countTracked, true),
  changing('sc-set-gpt0', 'gpt0', markTracked, true),
  changing('sc-set-gpt', 'gpt', markTracked, true),
]
