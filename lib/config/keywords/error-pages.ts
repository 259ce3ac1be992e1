/** A proxy's own error pages: `errorfile`, `errorfiles`, `errorloc`, `http-error`; and the section `http-errors`, which holds pages for several. */
import { errorLocation, errorReply } from '../../index.js'
import { pageStatuses } from '../../rules/default-replies.js'
import { filePage, type Page } from '../../rules/page.js'
import { ActionLine } from '../action.js'
import type { Checkpoint } from '../expression.js'
import { everywhere, type Line, type ProxyKeyword } from '../keyword.js'
import type { Linker } from '../linker.js'
import type { PagesDraft, ProxyDraft } from '../proxy-draft.js'
import type { SectionKeyword } from '../section-keyword.js'
import { makeReply, type ReplyWords, readReply } from './reply.js'

/** Pages answer requests, at whatever point of their life. */
const checkpoint: Checkpoint = { phases: ['request'], name: 'http-error' }

function add(draft: ProxyDraft, make: PagesDraft): void {
  draft.settings.pages = [...draft.settings.pages, make]
}

/** A status that has an error page. */
function readStatus(line: Line, text: string): number | undefined {
  const status = Number(text)
  if (/^\d{3}$/.test(text) && pageStatuses.includes(status)) return status
  line.alert(`'${line.keyword}' : status code '${text}' not handled.`, `known are ${pageStatuses.join(', ')}`)
  return undefined
}

/** `<status> <what>`, and nothing behind it: HAProxy does not look there. */
function readPair(line: Line, what: string): readonly [status: number, value: string] | undefined {
  const [code = '', value = '', extra] = line.args
  if (code === '' || value === '') {
    line.alert(`'${line.keyword}' : expects <status_code> and <${what}> as arguments.`)
    return undefined
  }
  if (extra !== undefined) line.warning(`'${line.keyword}' : '${extra}' is passed over.`, 'remove it')
  const status = readStatus(line, code)
  return status === undefined ? undefined : [status, value]
}

/** A page out of a file; told when no client could make sense of it. */
function readFilePage(line: Line, path: string): Page | undefined {
  try {
    const { bufferSize: largest } = line.loading.process.settings
    return filePage(`'${line.keyword}' : '${path}'`, line.loading.readFile(path, line.place), largest)
  } catch (error) {
    line.alert(`${(error as Error).message}.`)
    return undefined
  }
}

function readFile(line: Line, draft: ProxyDraft): void {
  const [status, path] = readPair(line, 'file') ?? []
  const page = path === undefined ? undefined : readFilePage(line, path)
  if (status !== undefined && page !== undefined) add(draft, () => [[status, page]])
}

const location = (name: string, code: 302 | 303): ProxyKeyword => ({
  name,
  sections: everywhere,
  parse: (line, draft) => {
    const [status, url] = readPair(line, 'url') ?? []
    if (status === undefined || url === undefined) return
    try {
      const page = errorLocation(url, code)
      add(draft, () => [[status, page]])
    } catch (error) {
      line.alert(`'${name}' : ${(error as Error).message}.`)
    }
  },
})

function readFiles(line: Line, draft: ProxyDraft): void {
  const [name = '', ...codes] = line.args
  if (name === '') {
    line.alert("'errorfiles' : expects <name> as argument.")
    return
  }
  const statuses = codes.map((code) => readStatus(line, code))
  if (statuses.includes(undefined)) return
  add(draft, (linker) => {
    const pages = linker.errorPages(name, line.place)
    if (pages === undefined) return []
    const wanted = statuses.length === 0 ? pages.statuses : (statuses as readonly number[])
    for (const status of wanted) {
      if (!pages.has(status))
        line.warning(
          `'errorfiles' : status '${status}' not declared in http-errors section '${name}'.`,
          'declare it there',
        )
    }
    return wanted.flatMap((status) => entry(status, pages.get(status)))
  })
}

const entry = (status: number, page: Page | undefined): (readonly [number, Page])[] =>
  page === undefined ? [] : [[status, page]]

function readError(line: Line, draft: ProxyDraft): void {
  const words = new ActionLine(line, 'http-request', line.args, draft)
  const read = readReply(words, ['status'])
  if (read === undefined) return
  const [extra] = words.words
  const { status } = read
  if (extra !== undefined) line.alert(`'http-error' : unknown keyword '${extra}'.`)
  else if (status === undefined) line.alert("'http-error' : expects at least a <status> as arguments.")
  else if (readStatus(line, String(status)) !== undefined) add(draft, (linker) => makePage(words, read, status, linker))
}

/** `undefined` takes back what the defaults section says. */
function makePage(
  words: ActionLine,
  read: ReplyWords,
  status: number,
  linker: Linker,
): readonly (readonly [number, Page | undefined])[] {
  if (read.content === 'default-errorfiles') return [[status, undefined]]
  if (read.page !== undefined) return [[status, read.page]]
  if (read.content === 'errorfiles') {
    const pages = linker.errorPages(read.text, words.line.place)
    if (pages !== undefined && !pages.has(status)) {
      const message = `status '${status}' not declared in http-errors section '${read.text}'.`
      words.line.warning(`'http-error' : ${message}`, 'declare it there')
    }
    return entry(status, pages?.get(status))
  }
  const reply = makeReply(words, read, linker, checkpoint)
  return reply === undefined ? [] : [[status, errorReply(status, reply)]]
}

export const errorPageKeywords: readonly ProxyKeyword[] = [
  { name: 'errorfile', sections: everywhere, parse: readFile },
  { name: 'errorfiles', sections: everywhere, parse: readFiles },
  location('errorloc', 302),
  location('errorloc302', 302),
  location('errorloc303', 303),
  { name: 'http-error', sections: everywhere, parse: readError },
]

/** The section `http-errors`. Manual, chapter 3.8. */
export const httpErrorsSection: SectionKeyword = {
  name: 'http-errors',
  open: ({ header, line, things }) => {
    const twin = things.httpErrors.get(header.name)
    if (twin !== undefined) {
      const message = `http-errors section '${header.name}' already exists (declared at ${twin.file}:${twin.line}).`
      line.alert(message, 'choose another name')
    }
    const [extra] = line.args
    if (extra !== undefined) line.warning(`'http-errors' : '${extra}' is passed over.`, 'remove it')
    const pages = new Map<number, Page>()
    if (twin === undefined) things.httpErrors.set(header.name, { ...line.place, pages })
    return {
      take: (each) => {
        if (each.keyword !== 'errorfile') {
          each.alert(`unknown keyword '${each.keyword}' in 'http-errors' section`, "it has 'errorfile' lines only")
          return
        }
        const [status, path] = readPair(each, 'file') ?? []
        const page = path === undefined ? undefined : readFilePage(each, path)
        if (status !== undefined && page !== undefined) pages.set(status, page)
      },
    }
  },
}
