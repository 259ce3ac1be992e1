/** The commands of the runtime API by their words: which one a line means, and the help that shows those that it may have meant. */
import { type Command, type CommandState, mayAt } from './command.js'
import { mostAlike } from './likeness.js'

/** What a line means. */
export interface Found {
  readonly command: Command
  /** What follows the command's own words. */
  readonly args: readonly string[]
}

/** What is always there: they are told behind the others. */
const ALWAYS = [
  'help [<command>]                        : list matching or all commands',
  'prompt                                  : toggle interactive mode with prompt',
  'quit                                    : disconnect',
]
const OWN_WORDS: ReadonlySet<string> = new Set(['help', 'prompt', 'quit'])
const FROM_SCRATCH = 'Unknown command. Please enter one of the following commands only:'
const GUESSED = 'Unknown command, but maybe one of the following ones is a better match:'
const ASKED = 'The following commands are valid at this level:'

export class CommandTable {
  readonly commands: readonly Command[]
  readonly #byFirstWord = new Map<string, Command[]>()

  constructor(commands: readonly Command[]) {
    // Of two with the same words, the later one counts.
    const known = new Map(commands.map((command) => [command.words.join(' '), command]))
    this.commands = [...known.values()].sort((one, other) => (one.words.join(' ') < other.words.join(' ') ? -1 : 1))
    for (const command of this.commands) {
      const first = command.words[0] ?? ''
      const others = this.#byFirstWord.get(first)
      if (others === undefined) this.#byFirstWord.set(first, [command])
      else others.push(command)
    }
  }

  /** The command that these words begin with; of several the longest. */
  find(words: readonly string[]): Found | undefined {
    let best: Command | undefined
    for (const command of this.#byFirstWord.get(words[0] ?? '') ?? [])
      if (command.words.length > (best?.words.length ?? 0) && startsWith(words, command.words)) best = command
    return best && { command: best, args: words.slice(best.words.length) }
  }

  /** What `help` answers; with words, about those commands that begin so, or are most like them. */
  help(words: readonly string[], state: CommandState): string {
    return this.#page(words, state, ASKED)
  }

  /** What is answered to a line that is no command. */
  unknown(words: readonly string[], state: CommandState): string {
    return this.#page(words, state, words.length === 0 ? FROM_SCRATCH : GUESSED)
  }

  #page(words: readonly string[], state: CommandState, title: string): string {
    const shown = this.commands.filter((command) => isShown(command, state))
    const lines = chosen(shown, words).map(({ usage }) => usage)
    return `${[title, ...[...lines, ...ALWAYS].map((line) => `  ${line}`)].join('\n')}\n`
  }
}

function isShown(command: Command, state: CommandState): boolean {
  if (command.hidden === true) return false
  if (command.expert === true) return state.expert && mayAt(state.level, 'admin')
  return command.experimental !== true || state.experimental
}

/** All of them when nothing was said; those whose words begin like what was said; else those most like it. */
function chosen(commands: readonly Command[], words: readonly string[]): readonly Command[] {
  if (words.length === 0) return commands
  if (OWN_WORDS.has(words[0] ?? '')) return []
  const exact = commands.filter((command) => startsWith(words, command.words) || startsWith(command.words, words))
  return exact.length > 0 ? exact : mostAlike(commands, words)
}

function startsWith(words: readonly string[], beginning: readonly string[]): boolean {
  return beginning.length <= words.length && beginning.every((word, index) => words[index] === word)
}
