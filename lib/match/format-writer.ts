/** The parts of a format → the function that prints it. Where it is printed decides what is quoted, escaped and shown for what is missing. */
import type { Alias, AliasValue } from './alias.js'
import type { Context } from './context.js'
import { cborObject, cborValue, jsonObject, jsonValue, printedCbor } from './format-encoding.js'
import type { FormatItem } from './format-item.js'
import { backslashed, fieldText, hexAddress, hexNumber, plainText, typed } from './format-text.js'
import { notYet, Sample } from './sample.js'

/**
 * Where a format is printed. `log`: in a log line, where what is missing is a dash and blanks are merged; `early log`: in one that is
 * written before the end (`option logasap`). `message`: in a header field, a body, a target. `variable`: in a variable, where `Q` quotes
 * expressions as well. `id`: in a unique id, a message with merged blanks.
 */
export type FormatPlace = 'log' | 'early log' | 'message' | 'variable' | 'id'

/** One piece of a format: text as it is, or an item. */
export type FormatPart = string | FormatItem

/** Prints one item; `undefined` for nothing at all, not even what stands for something missing. */
type Piece = (context: Context) => string | undefined

const isLog = (place: FormatPlace): boolean => place === 'log' || place === 'early log'

/** Asks a sample; a value that has not come yet is as good as none. */
function ask(sample: Sample<unknown, never>, context: Context): unknown {
  const value = sample.ask(context)
  return value === notYet ? undefined : value
}

const isMissing = (value: unknown): boolean => value === undefined || value === ''

function samplePiece(item: FormatItem, sample: Sample<unknown, never>, place: FormatPlace): Piece {
  const { quote, encoding, binary } = item.flags
  const escaped = item.flags.escape
  const { type } = item
  if (encoding === 'json') return (context) => jsonValue(typed(ask(sample, context), type))
  if (encoding === 'cbor') return (context) => printedCbor(cborValue(typed(ask(sample, context), type)), binary)
  const quoted = quote && (isLog(place) || place === 'variable')
  const missing = quoted ? '""' : isLog(place) ? '-' : ''
  const encode = isLog(place) ? undefined : fieldText
  if (!quoted && !escaped && type === undefined && encode !== undefined)
    return (context) => {
      const value = ask(sample, context)
      return value === undefined ? '' : encode(plainText(value))
    }
  return (context) => {
    const value = typed(ask(sample, context), type)
    if (isMissing(value)) return missing
    let text = plainText(value)
    if (escaped) text = backslashed(text)
    if (encode !== undefined) text = encode(text)
    return quoted ? `"${text}"` : text
  }
}

function aliasPiece(item: FormatItem, alias: Alias, place: FormatPlace): Piece {
  const { encoding, binary } = item.flags
  const value = readerOf(alias, place)
  if (encoding === 'json') return (context) => jsonValue(typed(value(context), item.type))
  if (encoding === 'cbor') return (context) => printedCbor(cborValue(typed(value(context), item.type)), binary)
  const show = shower(item, alias, place)
  return (context) => show(value(context))
}

/** Outside of logs nobody has brought the transaction's numbers up to date. */
function readerOf(alias: Alias, place: FormatPlace): (context: Context) => AliasValue {
  if (isLog(place)) return alias.value
  return (context) => {
    context.bodies?.measure?.()
    return alias.value(context)
  }
}

function shower({ flags }: FormatItem, alias: Alias, place: FormatPlace): (value: AliasValue) => string | undefined {
  const { quote, hex } = flags
  const dash = isLog(place) ? '-' : ''
  switch (alias.kind) {
    case 'number':
    case 'plain': {
      const sign = alias.growing && place === 'early log' ? '+' : ''
      return (value) => (value === undefined ? dash : sign + plainText(value))
    }
    case 'hexable':
      return (value) => {
        if (value === undefined) return quote ? '""' : dash
        return hex ? hexNumber(value) : plainText(value)
      }
    case 'list':
      return (value) => (Array.isArray(value) ? value.map((text) => shownText(text, flags, dash)).join(' ') : undefined)
    case 'bare':
      return (value) => shownText(value === undefined ? '' : plainText(value), flags, '')
    case 'block':
      return (value) => (value === undefined ? undefined : shownText(plainText(value), flags, dash))
    default:
      return (value) => {
        // Digits are never quoted.
        if (value !== undefined && hex && alias.kind === 'address') return hexAddress(value)
        return shownText(value === undefined ? '' : plainText(value), flags, dash)
      }
  }
}

function shownText(text: string, flags: FormatItem['flags'], dash: string): string {
  const whole = flags.escape ? backslashed(text) : text
  if (flags.quote) return `"${whole}"`
  return whole === '' ? dash : whole
}

function piece(item: FormatItem, place: FormatPlace): Piece | undefined {
  if (item.what === undefined) return undefined
  return item.what instanceof Sample ? samplePiece(item, item.what, place) : aliasPiece(item, item.what, place)
}

/** What an item is worth, for an object of named items. */
function worth(item: FormatItem, place: FormatPlace): ((context: Context) => unknown) | undefined {
  const { what, type } = item
  if (what === undefined) return undefined
  const value = what instanceof Sample ? (context: Context) => ask(what, context) : readerOf(what, place)
  return (context) => typed(value(context), type)
}

/** The format as one JSON or CBOR object of its named items, when `%{+json}o` or `%{+cbor}o` says so. */
function objectWriter(parts: readonly FormatPart[], place: FormatPlace): ((context: Context) => string) | undefined {
  const global = parts.find((part) => typeof part !== 'string' && part.what === undefined && part.flags.encoding)
  if (global === undefined || typeof global === 'string') return undefined
  const entries = parts.flatMap((part) => {
    if (typeof part === 'string' || part.name === undefined) return []
    const ask = worth(part, place)
    return ask === undefined ? [] : [[part.name, ask] as const]
  })
  const values = (context: Context) => entries.map(([name, ask]) => [name, ask(context)] as const)
  const { encoding, binary } = global.flags
  if (encoding === 'json') return (context) => jsonObject(values(context))
  return (context) => printedCbor(cborObject(values(context)), binary)
}

/** Makes the function that prints a format in a place. */
export function formatWriter(parts: readonly FormatPart[], place: FormatPlace): (context: Context) => string {
  const object = objectWriter(parts, place)
  if (object !== undefined) return object
  const pieces = parts.flatMap((part): readonly (string | Piece)[] => {
    if (typeof part === 'string') return [part]
    const made = piece(part, place)
    return made === undefined ? [] : [made]
  })
  if (isLog(place) || place === 'id') return mergingWriter(pieces)
  const [only] = pieces
  if (only === undefined) return () => ''
  if (pieces.length === 1) return typeof only === 'string' ? () => only : (context) => only(context) ?? ''
  return (context) => {
    let text = ''
    for (const each of pieces) text += typeof each === 'string' ? each : (each(context) ?? '')
    return text
  }
}

/** Blanks that follow each other are one, those at the beginning none; an item that prints nothing is not there. */
function mergingWriter(given: readonly (string | Piece)[]): (context: Context) => string {
  const pieces = given.map((each) => (typeof each === 'string' ? each.replace(/ +/g, ' ') : each))
  return (context) => {
    let text = ''
    let blank = true
    for (const each of pieces) {
      if (typeof each === 'string') {
        text += blank && each.startsWith(' ') ? each.slice(1) : each
        blank = each.endsWith(' ')
        continue
      }
      const printed = each(context)
      if (printed === undefined) continue
      text += printed
      blank = false
    }
    return text
  }
}
