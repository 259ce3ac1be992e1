/** What operators look at and give orders with: `fairlead/admin`. Nothing but the public names. */
export {
  type Answer,
  type Command,
  type CommandCall,
  CommandError,
  type CommandState,
  Following,
  type Level,
  Message,
  type Severity,
  type SocketView,
  type Stream,
} from './command.js'
export type { CommandTable, Found } from './command-table.js'
export { type ExecuteOptions, RuntimeApi, type RuntimeApiOptions } from './runtime-api.js'
export type { StatsSocketOptions } from './stats-socket.js'
