/** Actions on what stick tables remember: `track-sc0` …, `sc-inc-gpc0(0)`, `sc-inc-gpc(1,0)`, `sc-add-gpc(1,0) 5`, `sc-set-gpt0(0) 1`. */
import { track } from '../../index.js'
import { countTracked, markTracked } from '../../rules/actions/count.js'
import type { Numeric } from '../../rules/actions/number.js'
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
      return sample === undefined || table === undefined ? undefined : track(table, sample, slot)
    }
  },
})

/** The numbers between the parentheses; nothing when they are wrong, which has been told. */
function readNumbers(words: ActionLine, names: readonly string[], mosts: readonly number[]): number[] | undefined {
  const given = words.inner?.split(',') ?? []
  const numbers = given.map((text) => (/^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN))
  const wrong = names.findIndex((_, index) => !((numbers[index] ?? Number.NaN) < (mosts[index] ?? 0)))
  if (wrong === -1 && given.length === names.length) return numbers
  const name = names[wrong]
  const problem =
    name === undefined ? 'too many arguments' : `invalid ${name}, must be from 0 to ${(mosts[wrong] ?? 1) - 1}`
  words.alert(`${problem}.`, `as in '${words.line.keyword}(${names.map(() => 0).join(',')})'`)
  return undefined
}

/** `<int>` or `<expr>`. */
function readAmount(words: ActionLine): string | undefined {
  const amount = words.next()
  if (amount === undefined) words.alert('expects a number or an expression.', `as in '${words.line.keyword}(0) 1'`)
  return amount
}

type Maker = typeof countTracked

function changing(name: string, of: string, make: Maker, takesAmount: boolean): ActionKeyword {
  const indexed = !/\d$/.test(of)
  return {
    name,
    sets: everySet,
    read: (words) => {
      const slots = words.line.loading.process.settings.stickCounters ?? SLOTS
      const numbers = indexed
        ? readNumbers(words, ['index', 'slot'], [MOST_ELEMENTS, slots])
        : readNumbers(words, ['slot'], [slots])
      if (numbers === undefined) return undefined
      const amount = takesAmount ? readAmount(words) : '1'
      if (amount === undefined) return undefined
      const element = indexed ? (numbers[0] ?? 0) : 0
      const slot = numbers.at(-1) ?? 0
      const shown = `${name}(${numbers.join(',')})`
      return (linker, checkpoint) => {
        const by: Numeric<never> | undefined = /^\d+$/.test(amount)
          ? Number(amount)
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
