/** All commands of the runtime API. */
import type { Command } from '../command.js'
import { sessionCommands } from './session.js'

export const builtInCommands: readonly Command[] = [...sessionCommands]
