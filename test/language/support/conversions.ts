/** A short way to write cases of converters: an expression a line, whose value (or that it has none) is the answer. */
import type { LanguageCase } from '../case.js'

/** An expression; with the value of the request's field `X`, and variables that are set before, where it asks for them. */
export type Row =
  | string
  | {
      readonly x?: string
      readonly set?: readonly (readonly [variable: string, expression: string])[]
      readonly give: string
    }

/** A word of a haproxy.cfg that stands for exactly this text. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** What is seen where there is no value, which is not the same as an empty one. */
const NONE = '[none]'

function conversion(converter: string, row: Row): LanguageCase {
  const { x, set = [], give: expression } = typeof row === 'string' ? { give: row } : row
  const field = x === undefined ? '' : `X: ${x}\r\n`
  const before = [...(x === undefined ? [] : [x]), ...set.map((pair) => pair.join('='))]
    .map((part) => `${part} | `)
    .join('')
  return {
    name: before + expression,
    covers: [`converter:${converter}`],
    frontend: [
      ...set.map(([variable, value]) => `http-request set-var(${variable}) ${quoted(value)}`),
      `http-request set-var(txn.result) ${quoted(expression)}`,
      `http-request return status 200 content-type text/plain string <${NONE}> unless { var(txn.result) -m found }`,
    ],
    format: '%[var(txn.result)]',
    send: `GET / HTTP/1.1\r\nHost: www.example.com\r\n${field}\r\n`,
  }
}

/** Cases of one converter that both programs answer alike. */
export const conversions = (converter: string, rows: readonly Row[]): readonly LanguageCase[] =>
  rows.map((row) => conversion(converter, row))

/** Those that differ on purpose, with our answer; nothing where there is no value. */
export const differing = (
  converter: string,
  differs: string,
  rows: readonly (readonly [row: Row, ours: string | undefined])[],
): readonly LanguageCase[] =>
  rows.map(([row, ours]) => ({ ...conversion(converter, row), differs, expect: ours ?? NONE }))

/** Those of a converter that is newer than HAProxy 2.6, with what its manual says of them. */
export const newer = (
  converter: string,
  since: string,
  rows: readonly (readonly [row: Row, value: string | undefined])[],
): readonly LanguageCase[] =>
  rows.map(([row, value]) => ({ ...conversion(converter, row), since, expect: value ?? NONE }))

/** What must not load, with words of our message. */
export const refusals = (
  converter: string,
  rows: readonly (readonly [expression: string, message: string])[],
): readonly LanguageCase[] =>
  rows.map(([expression, expect]) => ({
    name: `refused: ${expression}`,
    covers: [`converter:${converter}`],
    expression,
    sees: ['load'],
    expect,
  }))
