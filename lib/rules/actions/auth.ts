/** `auth`: asks the client for a name and a password. */
import { OptionError, outcomes } from '../../base/errors.js'
import { isFieldValue } from '../../message/headers.js'
import { Rule } from '../rule.js'
import { pageAnswer } from './answer.js'

/**
 * Answers with the error page of status 401 and a challenge for Basic authentication; with status 407 to what is for a proxy, see {@link FrontendHttpOptions.useProxyHeader}. The realm, by default the proxy's name, is what the client
 * shows to its user; it is sent as it is. Put it behind a question for a `UserList`. HAProxy: `http-request auth`.
 * Throws {@link OptionError} on a realm that cannot be sent.
 */
export function auth(realm?: string): Rule<'request'> {
  if (realm !== undefined && !isFieldValue(realm))
    throw new OptionError('auth', 'realm', `${JSON.stringify(realm)} has a character that no field may have`)
  return new Rule(realm === undefined ? 'auth' : `auth realm ${realm}`, ['request'], (context) => {
    const answer = pageAnswer(context, context.forProxy ? 407 : 401, outcomes.answeredRequest)
    // As HAProxy has it: who does not know the password has made an error.
    context.count('errors', 1)
    const { headers } = answer.response
    const name = context.forProxy ? 'proxy-authenticate' : 'www-authenticate'
    headers.delete(name)
    headers.append(name, `Basic realm="${realm ?? context.backend?.name ?? context.session.frontend}"`)
    return answer
  })
}
