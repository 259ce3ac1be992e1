/** How much memory variables take, counted as HAProxy counts it, where a configuration limits it. Manual, `tune.vars.*-max-size`. */
import type { Context, ProcessView } from './context.js'
import type { VariableScope } from './variable.js'

/** The most bytes that variables of a scope and of those within it may take. Each variable counts as 80 bytes and its text. */
export interface VariableLimits {
  readonly proc: number
  readonly sess: number
  readonly txn: number
  readonly reqres: number
}

/** What the variables of a connection or a transaction take. */
export interface VariableSizes {
  /** All of them. */
  whole: number
  /** Of these, the request's or response's. */
  part: number
}

const OVERHEAD = 80

/** Text and bytes are kept outside of the variable itself. */
function sizeOf(value: unknown): number {
  return OVERHEAD + (typeof value === 'string' || Buffer.isBuffer(value) ? value.length : 0)
}

/** Counts a value that takes the place of another; `false`, and nothing is counted, when there is no room for it. */
export function account(
  context: Context,
  process: ProcessView,
  scope: VariableScope,
  before: unknown,
  after: unknown,
): boolean {
  const limits = process.variableLimits as VariableLimits
  const size = (after === undefined ? 0 : sizeOf(after)) - (before === undefined ? 0 : sizeOf(before))
  const session = scope === 'proc' ? undefined : sizesOf(context.connection ?? context)
  const own = scope === 'proc' || scope === 'sess' ? undefined : sizesOf(context)
  const part = scope === 'req' || scope === 'res' ? own : undefined
  if (size > 0) {
    if (process.variableSize + size > limits.proc) return false
    if (session !== undefined && session.whole + size > limits.sess) return false
    if (own !== undefined && own.whole + size > limits.txn) return false
    if (part !== undefined && part.part + size > limits.reqres) return false
  }
  process.variableSize += size
  if (session !== undefined) session.whole += size
  if (own !== undefined && own !== session) own.whole += size
  if (part !== undefined) part.part += size
  return true
}

function sizesOf(context: Context): VariableSizes {
  return (context.variableSizes ??= { whole: 0, part: 0 })
}

/** The context is over, and its variables with it. */
export function forget(context: Context): void {
  const { variableSizes, process, connection } = context
  if (variableSizes === undefined || process === undefined) return
  context.variableSizes = undefined
  process.variableSize -= variableSizes.whole
  if (connection?.variableSizes !== undefined) connection.variableSizes.whole -= variableSizes.whole
}
