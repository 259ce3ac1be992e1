/** `normalizeUri`: brings targets that mean the same into one form. */
import { OptionError, outcomes } from '../../base/errors.js'
import { type NormalizerOption, normalizer, normalizers } from '../../message/normalizer.js'
import { rewriting } from '../rewrite.js'
import { Rule } from '../rule.js'
import { pageAnswer } from './answer.js'

/** What {@link normalizeUri} can do. */
export type NormalizerName =
  | 'fragment-encode'
  | 'fragment-strip'
  | 'path-merge-slashes'
  | 'path-strip-dot'
  | 'path-strip-dotdot'
  | 'percent-decode-unreserved'
  | 'percent-to-uppercase'
  | 'query-sort-by-name'

/**
 * Normalizes the request's target in one respect. `full` (of `path-strip-dotdot`) removes `..` at the root as well; `strict` (of the `percent-`
 * ones) answers 400 to a percent sign without two digits behind it. Some are unsafe for some servers: see the manual. HAProxy: `normalize-uri`.
 * Throws {@link OptionError} on a name or option that is not known.
 */
export function normalizeUri(name: NormalizerName, option?: NormalizerOption): Rule<'request'> {
  const normalize = normalizer(name, option)
  if (normalize === undefined) throw new OptionError('normalizeUri', '', `no such normalizer: '${name}'`)
  const options = normalizers.get(name) ?? []
  if (option !== undefined && !options.includes(option)) {
    const known = options.length === 0 ? 'it has none' : `it has '${options.join("', '")}'`
    throw new OptionError('normalizeUri', '', `'${name}' has no option '${option}': ${known}`)
  }
  const text = `normalize-uri ${name}${option === undefined ? '' : ` ${option}`}`
  const act = rewriting((context) =>
    normalize(context.request) ? undefined : { ...pageAnswer(context, 400, outcomes.clientRequestBad), close: true },
  )
  return new Rule(text, ['request'], act)
}
