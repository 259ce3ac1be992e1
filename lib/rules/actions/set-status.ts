/** `setStatus`: changes the status line of the response that the client gets. */
import { OptionError } from '../../base/errors.js'
import { isFieldValue } from '../../message/headers.js'
import { reasonPhrase } from '../../message/status.js'
import { checkStatus } from '../reply.js'
import { Rule } from '../rule.js'

/**
 * Replaces the status and its reason phrase, by default the usual one. HAProxy: `http-response set-status`, `http-after-response set-status`.
 * The body stays as it is. Throws {@link OptionError} on a status outside 200 to 999 and on a reason that cannot be sent.
 */
export function setStatus(status: number, reason: string = reasonPhrase(status)): Rule<'response' | 'afterResponse'> {
  checkStatus('setStatus', status, 200, 999)
  if (!isFieldValue(reason))
    throw new OptionError('setStatus', 'reason', `${JSON.stringify(reason)} has a character that no reason may have`)
  return new Rule(`set-status ${status}`, ['response', 'afterResponse'], ({ response }) => {
    response.status = status
    response.reason = reason
    return undefined
  })
}
