/** How an explanation reads: the request, each rule with what it saw and did, the server, and what goes over the wire, from top to bottom. */
import type {
  ExplainedAnswer,
  ExplainedChange,
  ExplainedRequest,
  ExplainedServer,
  ExplainedStep,
  ExplanationData,
  PlainValue,
} from './explanation.js'

/** Longer values are cut. */
const LONGEST = 120

/** The whole text; each line ends with a line feed. */
export function explanationText(data: ExplanationData): string {
  const lines: string[] = []
  tellRequest(lines, data)
  lines.push('', `frontend ${data.frontend.name} (mode ${data.frontend.mode}): ${data.frontend.why}`)
  tellSteps(lines, data.steps, `frontend ${data.frontend.name}`)
  lines.push('', verdictText(data.server === undefined ? data : { ...data, verdict: 'forward' }))
  if (data.server !== undefined) tellServer(lines, data.server)
  if (data.sent !== undefined) {
    lines.push('', 'the server gets')
    tellHead(lines, data.sent)
  }
  if (data.responseSteps.length > 0) lines.push('', 'on the way back')
  tellSteps(lines, data.responseSteps, '')
  if (data.answer !== undefined) tellAnswer(lines, data.answer)
  if (data.server !== undefined && data.verdict === 'closed') lines.push('', verdictText(data))
  return `${lines.join('\n')}\n`
}

function tellRequest(lines: string[], { request, client, destination, time }: ExplanationData): void {
  const what = request === undefined ? 'bytes' : 'request'
  const when = new Date(time).toISOString()
  lines.push(`${what} from ${place(client)} to ${place(destination)} at ${when}`)
  if (request !== undefined) tellHead(lines, request)
}

const place = ({ address, port }: { readonly address: string; readonly port: number }): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`

function tellHead(lines: string[], { method, target, version, headers, bodyLength }: ExplainedRequest): void {
  lines.push(`  ${escaped(`${method} ${target} HTTP/${version}`)}`)
  for (const [name, value] of headers) lines.push(`  ${escaped(`${name}: ${value}`)}`)
  if (bodyLength !== undefined && bodyLength > 0) lines.push(`  (and a body of ${bodyLength} bytes)`)
}

/** @param said whose rules come first, when that has been said */
function tellSteps(lines: string[], steps: readonly ExplainedStep[], said: string): void {
  let owner = said
  let set = ''
  for (const step of steps) {
    const whose = `${step.side} ${step.proxy}`
    if (whose !== owner) lines.push('', whose)
    if (whose !== owner || step.set !== set) lines.push(`  ${step.set}`)
    owner = whose
    set = step.set
    tellStep(lines, step)
  }
}

function tellStep(lines: string[], { rule, where, condition, saw, applied, said, changed }: ExplainedStep): void {
  const under = condition === undefined ? '' : ` if ${condition}`
  lines.push(`    ${where === undefined ? '' : `${where}  `}${escaped(rule)}${escaped(under)}`)
  for (const one of saw) {
    const seen = one.saw === undefined ? '' : ` saw ${shown(one.saw)}`
    lines.push(`      ? ${escaped(one.condition)}${seen}: ${answerText(one.answer)}`)
  }
  for (const change of changed) lines.push(`      = ${changeText(change)}`)
  if (applied === false) lines.push('      - not applied')
  else if (said !== 'go on') lines.push(`      > ${escaped(said)}`)
}

const answerText = (answer: boolean | 'not yet'): string => (answer === 'not yet' ? answer : answer ? 'yes' : 'no')

function changeText({ subject, from, to }: ExplainedChange): string {
  const name = escaped(subject)
  if (to === undefined) return `${name} removed (was ${shown(from as PlainValue)})`
  return from === undefined ? `${name}: ${shown(to)}` : `${name}: ${shown(to)} (was ${shown(from)})`
}

function verdictText({ verdict, backend, fault }: ExplanationData): string {
  switch (verdict) {
    case 'forward':
      return `goes to backend ${backend?.name} (mode ${backend?.mode})`
    case 'answer':
      return 'is answered here'
    case 'tarpit':
      return 'is held for the time of the tarpit, then answered here'
    case 'service':
      return 'is answered by a service in this process'
    case 'closed':
      return 'the connection is closed without a word'
    case 'no backend':
      return 'no route holds and there is no default backend'
    case 'waits':
      return 'waits for more bytes than there are'
    case 'failed':
      return `a rule failed: ${escaped(fault ?? '')}`
  }
}

function tellServer(lines: string[], { name, address, why, out }: ExplainedServer): void {
  lines.push(name === undefined ? `no server: ${why}` : `server ${name} at ${address}: ${why}`)
  for (const one of out) lines.push(`  not ${one.name}: ${one.why}`)
}

function tellAnswer(lines: string[], { status, reason, version, headers, body, termination }: ExplainedAnswer): void {
  lines.push('', `the client gets (${termination})`)
  lines.push(`  ${escaped(`HTTP/${version} ${status} ${reason}`)}`)
  for (const [name, value] of headers) lines.push(`  ${escaped(`${name}: ${value}`)}`)
  if (body !== undefined && body !== '') lines.push(`  ${shown(body)}`)
}

function shown(value: PlainValue): string {
  if (Array.isArray(value)) return value.map(shown).join(', ')
  if (typeof value !== 'string') return String(value)
  const text = escaped(value)
  return `"${text.length > LONGEST ? `${text.slice(0, LONGEST)}…" (${value.length} bytes)` : `${text}"`}`
}

/** Bytes that a terminal would take for something else stand as `\x1b`. */
function escaped(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (char) => {
    if (char === '\n') return '\\n'
    if (char === '\r') return '\\r'
    return char === '\t' ? '\\t' : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
}
