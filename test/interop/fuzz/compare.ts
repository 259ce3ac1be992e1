/** Runs recipes through both programs, and finds the smallest one in which they differ. */

import { sameVerdict } from '../../language/support/judge.js'
import { runLive } from '../../language/support/live.js'
import { loadText } from '../../language/support/loading.js'
import { runInMemory } from '../../language/support/memory.js'
import { type Subject, subjectsOf } from '../../language/support/setup.js'
import { haproxy } from '../support/proxy.js'
import { caseOf, type Recipe, smaller } from './recipe.js'

export interface Difference {
  readonly recipe: Recipe
  readonly theirs: string
  readonly ours: string
}

/** Whether a difference is on purpose. */
export type IsMeant = (difference: Difference) => boolean

export interface Comparison {
  readonly differences: readonly Difference[]
  /** How many HAProxy would not load. */
  readonly refused: number
}

const CRASHED = '[crashed]'

/** What HAProxy gives. A process that ends over a case takes those beside it along: they are asked again, in halves. */
async function oracle(subjects: readonly Subject[]): Promise<ReadonlyMap<string, string>> {
  try {
    return await runLive(haproxy, subjects)
  } catch (error) {
    if (!/ended while it was used/.test(String(error))) throw error
    const [first] = subjects
    if (first !== undefined && subjects.length === 1) return new Map([[first.id, CRASHED]])
    const half = Math.ceil(subjects.length / 2)
    return new Map([...(await oracle(subjects.slice(0, half))), ...(await oracle(subjects.slice(half)))])
  }
}

export async function compare(recipes: readonly Recipe[]): Promise<Comparison> {
  const subjects = subjectsOf([{ name: 'fuzz', cases: recipes.map(caseOf) }])
  const [theirs, ours] = await Promise.all([oracle(subjects), runInMemory(subjects, loadText)])
  const all = subjects.map(({ id }, index) => ({
    recipe: recipes[index] as Recipe,
    theirs: theirs.get(id) ?? '[did not run]',
    ours: ours.get(id) ?? '[did not run]',
  }))
  const refused = all.filter((one) => one.theirs.startsWith('[refused]')).length
  return {
    differences: all.filter(
      ({ theirs, ours }) => theirs !== CRASHED && (!sameVerdict(theirs, ours) || ours.startsWith('[failed]')),
    ),
    refused,
  }
}

const ROUNDS = 6

/** Each as small as it gets. All are tried together, one thing less in each round. */
export async function shrink(found: readonly Difference[], isMeant: IsMeant): Promise<readonly Difference[]> {
  let current = found
  for (let round = 0; round < ROUNDS; round++) {
    const tried = current.flatMap(({ recipe }, owner) =>
      smaller(recipe).map((less, index) => ({ ...less, name: `${owner} ${round} ${index}` })),
    )
    if (tried.length === 0) return current
    const { differences } = await compare(tried)
    const less = new Map<number, Difference>()
    for (const one of differences) {
      const owner = Number.parseInt(one.recipe.name, 10)
      if (!less.has(owner) && !isMeant(one)) less.set(owner, one)
    }
    if (less.size === 0) return current
    current = current.map((one, owner) => {
      const found = less.get(owner)
      return found === undefined ? one : { ...found, recipe: { ...found.recipe, name: one.recipe.name } }
    })
  }
  return current
}
