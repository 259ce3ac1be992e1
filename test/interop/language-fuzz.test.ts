/**
 * Expressions, conditions, formats and rules that chance composes out of the grammar, through HAProxy and through fairlead: both accept the
 * same ones, and give the same for the same requests. FAIRLEAD_SEED chooses others, FAIRLEAD_FUZZ how many.
 */
import t from 'tap'
import { compare, shrink } from './fuzz/compare.js'
import { Dice } from './fuzz/dice.js'
import { isMeant } from './fuzz/meant.js'
import { caseOf } from './fuzz/recipe.js'
import { recipeOf } from './fuzz/rules.js'
import { missing } from './support/programs.js'

t.setTimeout(0)

const seed = Number(process.env['FAIRLEAD_SEED'] ?? 2606)
const count = Number(process.env['FAIRLEAD_FUZZ'] ?? 300)

/** How many differences are made as small as they get. */
const SHRUNK = Number(process.env['FAIRLEAD_SHRUNK'] ?? 12)

const absent = missing('haproxy')
if (absent !== undefined) t.pass('the language by chance in HAProxy', { skip: absent })
else {
  const dice = new Dice(seed)
  const recipes = Array.from({ length: count }, (_, index) => recipeOf(dice, `seed ${seed}, case ${index}`))
  const { differences, refused } = await compare(recipes)
  const found = differences.filter((one) => !isMeant(one))
  const left = [...(await shrink(found.slice(0, SHRUNK), isMeant)), ...found.slice(SHRUNK)]
  t.test(`of ${count} cases of seed ${seed}`, async (t) => {
    t.ok(refused < count / 2, `most are loaded (${refused} are not)`)
    for (const { recipe, theirs, ours } of left) {
      t.equal(ours, theirs, recipe.name, { case: caseOf(recipe) })
    }
    t.pass(`${count - differences.length} give the same, ${differences.length - left.length} differ on purpose`)
  })
}
