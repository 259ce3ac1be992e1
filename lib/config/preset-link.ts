/** The variables that a process has from the start: the `set-var` lines of `global`, asked while the configuration is loaded. */
import { systemClock } from '../base/clock.js'
import { systemRandom } from '../base/random.js'
import { OwnProcess, type ProcessOptions } from '../engine/process-view.js'
import { Context, type Phase, type Sample, setVar } from '../index.js'
import type { VariableName } from '../match/variable.js'
import type { VariableCondition } from '../rules/actions/set-variable.js'
import type { Diagnostics } from './diagnostic.js'
import type { Checkpoint } from './expression.js'
import type { Linker } from './linker.js'
import type { PresetDraft, ProcessDraft } from './process-draft.js'

const nobody = { frontend: '', source: undefined, sourcePort: 0, destination: undefined, destinationPort: 0 }

/** Makes them one after the other: later ones may ask those before them. */
export function linkPresets(
  draft: ProcessDraft,
  environment: ProcessOptions['environment'],
  linker: Linker,
  diagnostics: Diagnostics,
): ReadonlyMap<string, unknown> | undefined {
  if (draft.presets.length === 0) return undefined
  const load = () => ({ connections: 0, maxConnections: 0 })
  const process = new OwnProcess(
    { clock: systemClock, random: systemRandom, load, resolve: async () => undefined },
    { environment, node: draft.settings.node, variableLimits: draft.variableLimits },
  )
  const context = new Context(nobody, 0, systemClock.wall())
  context.process = process
  for (const preset of draft.presets) {
    try {
      set(preset, linker, context)
    } catch (error) {
      diagnostics.alert(preset, `'${preset.word}': ${(error as Error).message}`)
    }
  }
  return process.variables
}

function set(preset: PresetDraft, linker: Linker, context: Context): void {
  const checkpoint: Checkpoint = { phases: ['connection'], name: preset.word, standalone: true }
  const { word, text } = preset
  const value = word === 'set-var' ? linker.sample(text, preset, checkpoint) : linker.format(text, preset, checkpoint)
  if (value === undefined) return
  const [name = '', ...when] = preset.target.split(',')
  setVar<VariableName, Phase>(name as VariableName, value as Sample<unknown, Phase>, {
    when: when as VariableCondition[],
  }).action(context)
}
