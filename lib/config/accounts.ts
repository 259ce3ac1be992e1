/** The numbers of users and groups, which socket files are given to, from the system's own lists. */
import { readFileSync } from 'node:fs'

function find(file: string, name: string): number | undefined {
  let text: string
  try {
    text = readFileSync(file, 'latin1')
  } catch {
    return undefined
  }
  const fields = text.split('\n').map((line) => line.split(':'))
  const number = fields.find(([first]) => first === name)?.[2]
  return number === undefined ? undefined : Number(number)
}

/** A user's number; nothing when the system does not know the name. */
export const userNumber = (name: string): number | undefined => find('/etc/passwd', name)

/** A group's number; nothing when the system does not know the name. */
export const groupNumber = (name: string): number | undefined => find('/etc/group', name)
