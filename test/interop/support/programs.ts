/** Which of the other programs this machine has. */

import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'

export function has(program: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** Undefined when all are there; else what is missing, as a reason to skip. With FAIRLEAD_INTEROP=required that is an error. */
export function missing(...programs: string[]): string | undefined {
  const absent = programs.filter((program) => !has(program))
  if (absent.length === 0) return undefined
  const reason = `not installed: ${absent.join(', ')}`
  if (process.env['FAIRLEAD_INTEROP'] === 'required') throw new Error(reason)
  return reason
}
