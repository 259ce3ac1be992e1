/** The keywords that capture, and those of ids: `declare capture`, `capture request header`, `http-request capture`, `unique-id-format` … */
import { capture, type Sample } from '../../index.js'
import type { ActionKeyword } from '../action.js'
import { clientSide, everywhere, type Line, type ProxyKeyword } from '../keyword.js'
import type { ProxyDraft } from '../proxy-draft.js'
import { readInteger } from '../values.js'

type Side = 'request' | 'response'

const frontends: ProxyKeyword['sections'] = ['frontend', 'listen']

/** `capture request header <name> len <length>`: HAProxy takes what is no number for 0, and then captures nothing. */
function readLength(line: Line, [word, text]: readonly string[], usage: string): number | undefined {
  if (word !== 'len' || text === undefined) {
    line.alert(`'${line.keyword}' expects ${usage}.`)
    return undefined
  }
  const length = Number(/^\d+/.exec(text)?.[0] ?? 0)
  if (length === 0)
    line.warning(`'${line.keyword}' keeps 0 bytes: nothing is captured.`, "write a length, as in 'len 32'")
  return length
}

const field = (side: Side): ProxyKeyword => ({
  name: `capture ${side} header`,
  sections: frontends,
  elsewhere: 'ignored',
  parse: (line, draft) => {
    const [header = '', ...rest] = line.args
    const length = readLength(line, rest, "<header_name> 'len' <len>")
    if (length !== undefined && line.atMost(3)) draft.captures[side].push({ header, length })
  },
})

const cookie: ProxyKeyword = {
  name: 'capture cookie',
  sections: frontends,
  elsewhere: 'ignored',
  parse: (line, draft) => {
    const [name = '', ...rest] = line.args
    const length = readLength(line, rest, "<cookie_name> 'len' <len>")
    if (length !== undefined && line.atMost(3)) draft.captures.cookie = { name, length }
  },
}

const declare: ProxyKeyword = {
  name: 'declare capture',
  sections: frontends,
  parse: (line, draft) => {
    const [side, word, text] = line.args
    if (side !== 'request' && side !== 'response') {
      line.alert("'declare capture' requires a direction ('request' or 'response').")
      return
    }
    if (word !== 'len') {
      line.alert("'declare capture' requires a capture length ('len').")
      return
    }
    const length = readInteger(line, text, "'declare capture' : 'len'", { min: 1, max: 2 ** 31 - 1 })
    if (length !== undefined && line.atMost(3)) draft.captures[side].push({ length })
  },
}

const uniqueIdFormat: ProxyKeyword = {
  name: 'unique-id-format',
  sections: everywhere,
  parse: (line, draft) => {
    if (draft.kind === 'backend')
      line.warning("'unique-id-format' has no effect in a backend: ids are made by the frontend.", 'write it there')
    if (line.args.length === 0) line.alert("'unique-id-format' expects an argument.")
    else if (line.atMost(1))
      draft.settings.uniqueId = { ...draft.settings.uniqueId, format: line.first, place: line.place }
  },
}

const uniqueIdHeader: ProxyKeyword = {
  name: 'unique-id-header',
  sections: clientSide,
  elsewhere: 'ignored',
  parse: (line, draft) => {
    const [name, extra] = line.args
    if (name === undefined) {
      line.alert("'unique-id-header' expects an argument.")
      return
    }
    if (extra !== undefined) line.warning(`'unique-id-header' : '${extra}' means nothing.`, 'remove it')
    draft.settings.uniqueId = { ...draft.settings.uniqueId, header: name }
  },
}

/** `<sample> len <length>` makes a slot of its own, `<sample> id <slot>` takes one that is declared. */
export const captureAction: ActionKeyword = {
  name: 'capture',
  sets: ['tcp-request content', 'http-request', 'http-response', 'http-after-response'],
  read: (words) => {
    const { draft, line, set } = words
    const side: Side = set === 'http-response' || set === 'http-after-response' ? 'response' : 'request'
    const expression = words.next()
    const word = words.next()
    const text = words.next()
    const usual = side === 'request' && set !== 'tcp-request content' ? "'len' <length> or 'id' <slot>" : "'id' <slot>"
    if (expression === undefined || text === undefined || (word !== 'len' && word !== 'id')) {
      words.alert(`expects <expression> and ${set === 'tcp-request content' ? "'len' <length>" : usual}.`)
      return undefined
    }
    const number = readInteger(line, text, `'${word}'`, { min: word === 'len' ? 1 : 0 })
    if (number === undefined) return undefined
    if (word === 'len' && side === 'response') {
      words.alert("expects 'id', found 'len'.", "declare the slot with 'declare capture response len <length>'")
      return undefined
    }
    const slot = word === 'id' ? number : newSlot(draft, number)
    if (slot === undefined) {
      words.alert(`${draft.kind} '${draft.name}' has no frontend capability: a slot belongs to a frontend.`, "use 'id'")
      return undefined
    }
    return (linker, checkpoint) => {
      if (draft.kind !== 'backend' && draft.kind !== 'defaults' && slot >= draft.captures[side].length) {
        line.alert(
          `unable to find capture id '${slot}' referenced by '${line.keyword}' rule.`,
          "declare it with 'declare capture'",
        )
        return undefined
      }
      const sample = linker.sample(expression, line.place, checkpoint)
      return sample === undefined ? undefined : capture(sample as Sample<unknown, never>, { slot })
    }
  },
}

function newSlot(draft: ProxyDraft, length: number): number | undefined {
  if (draft.kind === 'backend' || draft.kind === 'defaults') return undefined
  return draft.captures.request.push({ length }) - 1
}

export const captureKeywords: readonly ProxyKeyword[] = [
  field('request'),
  field('response'),
  cookie,
  declare,
  uniqueIdFormat,
  uniqueIdHeader,
]
