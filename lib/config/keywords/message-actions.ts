/** Actions on the message in hand as a whole: `set-status`, `strict-mode`. */
import { setStatus, strictMode } from '../../index.js'
import type { ActionKeyword } from '../action.js'

const statusAction: ActionKeyword = {
  name: 'set-status',
  sets: ['http-response', 'http-after-response'],
  read: (words) => {
    const code = words.next()
    const advice = 'as in \'set-status 503 reason "Slow Down"\''
    if (code === undefined) {
      words.alert('expects 1 argument: <status>; or 3 arguments: <status> reason <fmt>.', advice)
      return undefined
    }
    if (!/^[1-9]\d{2}$/.test(code)) {
      words.alert('expects an integer status code between 100 and 999.', advice)
      return undefined
    }
    if (words.words[0] !== 'reason') return () => setStatus(Number(code))
    words.words.shift()
    const reason = words.value('reason')
    return reason === undefined ? undefined : () => setStatus(Number(code), reason)
  },
}

const strictness: ActionKeyword = {
  name: 'strict-mode',
  sets: ['http-request', 'http-response', 'http-after-response'],
  read: (words) => {
    const mode = words.next()
    if (mode === undefined) {
      words.alert('expects exactly 1 arguments.', "write 'on' or 'off'")
      return undefined
    }
    const known = mode.toLowerCase()
    if (known === 'on' || known === 'off') return () => strictMode(known === 'on')
    words.alert(`Unexpected value '${mode}'. Only 'on' and 'off' are supported.`)
    return undefined
  },
}

export const messageActions: readonly ActionKeyword[] = [statusAction, strictness]
