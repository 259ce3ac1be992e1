/** `hdr` and `fhdr` of `http-check expect`: the field that an answer has to have. */
import { type CheckMatch, type ExpectOptions, expect } from '../../index.js'
import type { Format } from '../../match/format.js'
import type { ExpectStep } from '../../proxy/checks/step.js'
import { makeFormat } from '../check-draft.js'
import type { Line } from '../keyword.js'
import type { Linker } from '../linker.js'
import { isRegex } from './check-values.js'

/** Makes what is looked for, once what more there is is known. */
export type PatternMaker = (linker: Linker, options: ExpectOptions) => ExpectStep | undefined

const methods = ['str', 'beg', 'end', 'sub', 'reg']

/** A name or a value, and how it is compared. */
interface Part {
  readonly text: string
  readonly method: string
  readonly format: boolean
}

/** `name[-lf] [-m <method>] <name> [value[-lf] [-m <method>] <value>]`; nothing when it is wrong, which has been told. */
export function readField(line: Line, kind: 'hdr' | 'fhdr', words: string[]): PatternMaker | undefined {
  const [first = ''] = words
  if ((first !== 'name' && first !== 'name-lf') || (words[1] ?? '') === '') {
    const said = `'${kind}' expects at the name keyword as first argument followed by a pattern.`
    line.alert(`'${line.keyword}' : ${said}`, `as in '${kind} name content-type value -m beg text/'`)
    return undefined
  }
  const name = readPart(line, kind, words)
  if (name === undefined) return undefined
  const more = words[0] === 'value' || words[0] === 'value-lf'
  const value = more ? readPart(line, kind, words) : undefined
  if (more && value === undefined) return undefined
  return (linker, options) => {
    const made = makePart(line, name, linker)
    const second = value === undefined ? undefined : makePart(line, value, linker)
    if (made === undefined || (value !== undefined && second === undefined)) return undefined
    const field = {
      name: made,
      ...matchOf('nameMatch', name),
      ...(value === undefined ? {} : { value: second, ...matchOf('valueMatch', value) }),
      full: kind === 'fhdr',
    }
    return expect.header(field, options)
  }
}

const matchOf = (key: string, { method }: Part): Readonly<Record<string, CheckMatch>> =>
  method === 'reg' ? {} : { [key]: method as CheckMatch }

function readPart(line: Line, kind: string, words: string[]): Part | undefined {
  const word = words.shift() ?? ''
  const format = word.endsWith('-lf')
  let method = 'str'
  if (words[0] === '-m') {
    method = words.splice(0, 2)[1] ?? ''
    if (!methods.includes(method)) {
      const said =
        method === ''
          ? "'-m' expects at a matching pattern ('str', 'beg', 'end', 'sub' or 'reg')."
          : `'-m' only supports 'str', 'beg', 'end', 'sub' or 'reg' (got '${method}').`
      line.alert(`'${line.keyword}' : '${kind}' : ${said}`)
      return undefined
    }
  }
  const text = words.shift() ?? ''
  if (text === '') line.alert(`'${line.keyword}' : '${kind}' expect a pattern with the ${word} keyword.`)
  else if (format && method === 'reg')
    line.alert(`'${line.keyword}' : '${kind}': log-format string is not supported with a regex matching method.`)
  else if (method !== 'reg' || isRegex(line, text)) return { text, method, format }
  return undefined
}

function makePart(
  line: Line,
  { text, method, format }: Part,
  linker: Linker,
): string | RegExp | Format<'check'> | undefined {
  if (method === 'reg') return linker.compileRegex(text).regExp
  return format ? makeFormat(text, line.keyword, line.place, linker) : text
}
