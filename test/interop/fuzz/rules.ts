/** Rules, conditions and formats out of the grammar. */
import type { Dice } from './dice.js'
import { request, response } from './messages.js'
import { type Recipe, type Test, word } from './recipe.js'
import { chain, fieldNames, type Place, regex, written } from './samples.js'
import { address, number, value } from './values.js'

const methods = ['found', 'bool', 'int', 'str', 'beg', 'end', 'sub', 'dir', 'dom', 'len', 'reg', 'ip', 'bin'] as const
const plain = (dice: Dice): string => number(dice).trim()

function pattern(dice: Dice, method: string | undefined): readonly string[] {
  switch (method) {
    case 'int':
    case 'len': {
      const range = dice.pick([plain(dice), `${dice.int(0, 9)}:${dice.int(5, 20)}`, ':10', '3:', '1:2:3'])
      return dice.once(3) ? [dice.pick(['eq', 'ge', 'gt', 'le', 'lt', 'ne']), plain(dice)] : [range]
    }
    case 'ip':
      return [
        dice
          .pick([
            address(dice).trim(),
            '10.0.0.0/8',
            '127.0.0.1/32',
            '0.0.0.0/0',
            '::/0',
            '2001:db8::/32',
            '10.0.0.0/33',
            '10.0.0.0/255.0.0.0',
            '1.2.3.4/',
          ])
          .replace(/.*[[\]%].*/, '::1'),
      ]
    case 'bin':
      return [dice.pick(['', '41', '4142FF', '616263', '0', 'zz', '00', 'e9'])]
    case 'reg':
      return [regex(dice)]
    case 'found':
    case 'bool':
      return dice.once(3) ? [dice.pick(['1', '0', 'true', 'false', 'x'])] : []
    default:
      return [value(dice)]
  }
}

export function test(dice: Dice): Test {
  const method = dice.once(10) ? undefined : dice.pick(methods)
  const flags = dice.many(0, 2, () => dice.pick(['-i', '-i', '-n', '--']))
  return { method, flags, patterns: dice.many(1, 3, () => pattern(dice, method)).flat(), not: dice.once(5) }
}

const conditionText = (dice: Dice, place: Place): string => {
  const one = (): string => {
    const { method, flags, patterns, not } = test(dice)
    const words = [...(method === undefined ? [] : ['-m', method]), ...flags, ...patterns].map(word)
    return `${not ? '!' : ''}{ ${[word(written(chain(dice, place).slice(0, 2))), ...words].join(' ')} }`
  }
  const glue = dice.pick([' ', ' || ', ' or '])
  return dice.once(2) ? '' : ` ${dice.pick(['if', 'unless'])} ${dice.many(1, 2, one).join(glue)}`
}

const aliases = [
  '%ci',
  '%b',
  '%f',
  '%HM',
  '%HP',
  '%HPO',
  '%HQ',
  '%HU',
  '%HV',
  '%r',
  '%ID',

  '%s',
  '%ST',
  '%hr',
  '%hrl',
  '%CC',
  '%tsc',
  '%sslv',
  '%%',

  '%lc',
  '%rc',
  '%sc',
  '%sq',
  '%bq',
  '%H',

  '%',
  '%o',
  '%x',
]

/** An item of a format. */
export function item(dice: Dice, place: Place): string {
  const flags = dice.once(2)
    ? ''
    : `{${dice.many(1, 2, () => dice.pick(['+Q', '+X', '+E', '-Q', '-X', '+Q,+X', '+Z', '', 'Q'])).join(',')}}`
  switch (dice.int(0, 4)) {
    case 0:
      return `%${flags}${dice.pick(aliases).slice(1)}`
    case 1:
      return value(dice).replaceAll('%', '%%')
    case 2:
      return dice.pick(['\\ ', '\\"', '"', "'", '%%', '%{+Q}o', '%{+E}o', '%{+X}o', '[', ']', '{', ' ', '  '])
    default:
      return `%${flags}[${written(chain(dice, place).slice(0, dice.int(1, 3)))}]`
  }
}

const format = (dice: Dice, place: Place): string => dice.many(1, 3, () => item(dice, place)).join('')
const name = (dice: Dice): string =>
  dice.once(4) ? dice.pick(['X-New', 'x-a', 'X_1']) : dice.pick(fieldNames.slice(0, 7))

function messageAction(dice: Dice, place: Place): string {
  const f = (): string => word(format(dice, place))
  switch (dice.int(0, 6)) {
    case 0:
      return `set-header ${name(dice)} ${f()}`
    case 1:
      return `add-header ${name(dice)} ${f()}`
    case 2:
      return `del-header ${dice.once(2) ? name(dice) : `${dice.pick(['x-', 'X-', 'a', ''])} -m ${dice.pick(['beg', 'end', 'sub', 'str', 'reg', 'found'])}`}`
    case 3:
      return `replace-header ${name(dice)} ${word(regex(dice))} ${word(dice.pick(['\\1', 'x\\0y', '%[src]', '\\\\', 'a\\2b', '', '%[hdr(X-B)]']))}`
    case 4:
      return `replace-value ${name(dice)} ${word(regex(dice))} ${word(dice.pick(['\\1', 'x\\0y', '', 'b']))}`
    case 5:
      return `set-var-fmt(${dice.pick(['txn.a', 'req.a', 'sess.b'])}) ${f()}`
    default:
      return `set-var(${dice.pick(['txn.a', 'req.a', 'sess.b'])}) ${word(written(chain(dice, place).slice(0, 3)))}`
  }
}

function requestAction(dice: Dice): string {
  const f = (): string => word(format(dice, 'request'))
  const to = (): string => word(dice.pick(['/x\\1', '\\1', '/n%[query]', '/\\0']))
  switch (dice.int(0, 12)) {
    case 0:
      return `set-path ${word(dice.pick(['/x%[path]', '%[path,lower]', '/%[path,url_dec]', '%[hdr(X-A)]', '/y']))}`
    case 1:
      return `set-pathq ${word(dice.pick(['/x%[pathq]', '/y?z', '%[url]', '%[path]?%[query]&a=b']))}`
    case 2:
      return `set-query ${word(dice.pick(['a=b', '%[query,lower]', '', '%[query]&z=%[src]', '%[url_param(x)]']))}`
    case 3:
      return `set-uri ${word(dice.pick(['/u', '%[url]', 'http://h%[path]', '%[pathq]', '*']))}`
    case 4:
      return `set-method ${word(dice.pick(['PUT', '%[method,lower]', 'GET', '%[hdr(X-A)]X']))}`
    case 5:
      return `replace-path ${word(regex(dice))} ${to()}`
    case 6:
      return `replace-pathq ${word(regex(dice))} ${to()}`
    case 7:
      return `replace-uri ${word(regex(dice))} ${to()}`
    case 8:
      return `redirect ${dice.pick(['location', 'prefix', 'scheme'])} ${dice.pick(['/l', 'http://x', 'https', word('%[url]'), word('/%[path,lower]'), f()])}${dice.pick(['', ' code 301', ' code 308', ' code 299', ' drop-query', ' append-slash', ' set-cookie A=b', ' clear-cookie A', ' ignore-empty'])}`
    case 9:
      return `deny${dice.pick(['', ' deny_status 403', ' status 429', ' deny_status 999', ' status 418'])}${dice.pick(['', ' content-type text/x lf-string ', ' hdr X-D ']).replace(/(?<= )$/, f())}`
    case 10:
      return `return${dice.pick(['', ' status 201', ' status 600', ' status 404'])}${dice.pick(['', ' content-type text/x string ', ' content-type a lf-string ', ' hdr X-R ']).replace(/(?<= )$/, f())}`
    default:
      return messageAction(dice, 'request')
  }
}

function rule(dice: Dice): string {
  if (!dice.once(3)) return `http-request ${requestAction(dice)}${conditionText(dice, 'request')}`
  const own = dice.once(4)
    ? `set-status ${dice.pick(['201', '404', '600', '99', '200 reason "Fine x"', '503 reason x'])}`
    : messageAction(dice, 'response')
  return `http-${dice.pick(['response', 'after-response'])} ${own}${conditionText(dice, 'response')}`
}

/** The recipe of a number: the same for the same one. */
export function recipeOf(dice: Dice, called: string): Recipe {
  const kind = dice.int(0, 9)
  const at = kind < 8 && dice.once(4) ? 'response' : 'request'
  const requests = dice.many(1, kind < 8 ? 4 : 2, () => request(dice))
  const responses = at === 'response' || kind >= 8 ? requests.map(() => response(dice)) : []
  const empty = { name: called, at, calls: [], test: undefined, format: [], rules: [], requests, responses } as const
  if (kind < 4) return { ...empty, calls: chain(dice, at) }
  if (kind < 7) return { ...empty, calls: chain(dice, at).slice(0, dice.int(1, 3)), test: test(dice) }
  if (kind < 8) return { ...empty, format: dice.many(1, 4, () => item(dice, at)) }
  return { ...empty, at: 'request', rules: dice.many(1, 4, () => rule(dice)) }
}
