/** Where the two programs differ on purpose. */
import type { Difference } from './compare.js'
import { writtenMessage } from './messages.js'
import { written } from './samples.js'

interface Meant {
  readonly reason: string
  readonly is: (difference: Difference) => boolean
}

const isRefused = (text: string): boolean => text.startsWith('[refused]')

/** A call of this name in the expression, the format or the rules. */
const calls = ({ recipe }: Difference, pattern: RegExp): boolean =>
  pattern.test([written(recipe.calls), ...recipe.format, ...recipe.rules].join('\n'))

export const meant: readonly Meant[] = [
  {
    reason: 'a condition that can never hold is a fault; HAProxy only warns of it',
    is: ({ theirs, ours }) => !isRefused(theirs) && /will never match because/.test(ours),
  },
  {
    reason: 'a sign without digits is no number; HAProxy takes it for 0',
    is: ({ theirs, ours }) =>
      !isRefused(theirs) && /'[-+]' is not an integer|variable '[-+]'|'--' is not a valid number range/.test(ours),
  },
  {
    reason: 'an empty delimiter is none; HAProxy 2.6 finds no parameter with it',
    is: (one) => calls(one, /\b(?:url_param|urlp|urlp_val)\([^)]*,(?:''|"")?\)/),
  },
  {
    reason: 'empty parentheses are none; HAProxy takes any field with them, and none without',
    is: (one) => calls(one, /hdr(?:_val|_ip)?\((?:''|"")?\)/),
  },
  {
    reason: 'what a field of protocol buffers is, its second argument says: integers can be reckoned with',
    is: (one) => isRefused(one.theirs) && !isRefused(one.ours) && calls(one, /\b(?:protobuf|ungrpc)\(/),
  },
  {
    reason: 'a key that cannot be read is a fault; HAProxy loads, and no token is ever right',
    is: ({ theirs, ours }) => !isRefused(theirs) && /holds no public key/.test(ours),
  },
  {
    reason: 'HAProxy 2.6 saturates at the wrong end when it takes from a negative number',
    is: (one) => one.theirs !== one.ours && calls(one, /\b(?:add|sub)\(/) && /9223372036854775807/.test(one.theirs),
  },
  {
    reason: 'HAProxy 2.6 takes what is before 1970 for the far future',
    is: (one) => calls(one, /\b(?:[lu]time|http_date)\b/),
  },
  {
    reason: 'HAProxy keeps the request line for captures only where it is logged',
    is: (one) => calls(one, /\bcapture\.re[qs]\.(?:uri|method|ver)\b/),
  },
  {
    reason: 'without a path the part of a token is given whole, as the manual says; HAProxy 2.6 gives nothing',
    is: (one) => calls(one, /\bjwt_(?:header|payload)_query(?!\(.)/),
  },
  {
    reason: 'an address is one type; HAProxy knows when it loads that one of IPv6 is no number',
    is: (one) =>
      isRefused(one.theirs) &&
      !isRefused(one.ours) &&
      /cannot be (?:used|applied)/.test(one.theirs) &&
      calls(one, /\bipv6\(/),
  },
  {
    reason: 'bytes that no field may have are a fault',
    is: ({ theirs, ours }) => !isRefused(theirs) && /a character that no field may have/.test(ours),
  },
  {
    reason: 'a word that is not there is missing, as a field is; HAProxy gives an empty one',
    is: (one) => calls(one, /\bword\(/),
  },
  {
    reason: 'padding at the wrong place is a fault; HAProxy 2.6 decodes it as if it were text',
    is: (one) => calls(one, /b64dec\b/),
  },
  {
    reason: 'a target that rules have emptied is answered with 500; HAProxy sends a request line that is none',
    is: ({ theirs, ours }) => /^\[server\].*[A-Z]+ {2}HTTP/m.test(theirs) && /500 Internal/.test(ours),
  },
  {
    reason: 'a method is known as long as the request is; HAProxy forgets those without a number of their own',
    is: (one) =>
      calls(one, /\bmethod\b/) &&
      one.recipe.requests.some((request) => !/^(?:GET|PUT|POST|DELETE)/.test(writtenMessage(request))),
  },
  {
    reason: 'what is no number is no port; HAProxy reckons with its characters',
    is: (one) => calls(one, /\bport_only\b/),
  },
  {
    reason: 'a field that is not there holds no token; HAProxy finds an empty one in it',
    is: (one) => calls(one, /\bhttp_auth_bearer\([^)]/),
  },
  {
    reason: 'meth() gives the method of its argument, and none without one; HAProxy reads others that nobody wrote',
    is: (one) => calls(one, /\bmeth\b/),
  },
  {
    reason: 'no message has that many fields of a name; HAProxy counts on in 32 bits, and dies of some',
    is: (one) => calls(one, /hdr(?:_val|_ip)?\([^),]*,\d{10,}\)/),
  },
  {
    reason: 'a yes is 1 and its negative -1 in all bits; HAProxy makes bytes of what it was before',
    is: (one) => calls(one, /\b(?:always_true|bool(?:\([^)]*\))?|odd|even|not),neg,/),
  },
  {
    reason: 'no length is below 0; HAProxy takes a range that ends there for one without an end',
    is: ({ recipe }) => recipe.test?.method === 'len' && recipe.test.patterns.some((one) => /[:-]-\d/.test(one)),
  },
  {
    reason:
      'a Set-Cookie field sets one cookie, be it empty; HAProxy counts on into attributes of its name or behind what has none, and passes over an empty end',
    is: (one) =>
      calls(one, /\b(?:res\.cook|scook)/) &&
      one.recipe.responses.some((response) =>
        /^set-cookie:(?:[ \t]*([^=;\r]*?)[ \t]*=[^;\r]*;[ \t]*\1[ \t]*=|[^;=\r]*;|[^;\r]*=[ \t]*\r)/im.test(
          writtenMessage(response),
        ),
      ),
  },
  {
    reason: 'a cookie without a value is there when it is alone, too; HAProxy sees it beside others only',
    is: (one) =>
      calls(one, /\b(?:req\.)?cook(?:ie)?(?:_val|_cnt)?\b/) &&
      one.recipe.requests.some((request) => /^cookie:[^;\r]*=[ \t]*\r/im.test(writtenMessage(request))),
  },
]

export const isMeant = (difference: Difference): boolean => meant.some(({ is }) => is(difference))
