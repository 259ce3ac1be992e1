/** A difference between two proxies, written out for whoever looks for its cause. */

import type { Setup } from './differential.js'
import type { ClientStep, Exchange } from './exchange.js'
import { brief } from './message.js'

function step(one: ClientStep): string {
  if (typeof one === 'string') return `  ${one}`
  const [verb, value] = Object.entries(one)[0]!
  const text = brief(String(value))
  return text.includes('\n') ? `  ${verb}:\n${text.replace(/^/gm, '    | ')}` : `  ${verb} ${text}`
}

/** Lines of both, marked `-` where only the reference has them, `+` where only the subject has. */
export function compare(expected: string, seen: string): string {
  const left = expected.split('\n')
  const right = seen.split('\n')
  const lengths = left
    .map(() => new Array<number>(right.length + 1).fill(0))
    .concat([new Array(right.length + 1).fill(0)])
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      lengths[i]![j] =
        left[i] === right[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!)
    }
  }
  const lines: string[] = []
  let i = 0
  let j = 0
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      lines.push(`  ${left[i++]}`)
      j++
    } else if (j >= right.length || (i < left.length && lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) {
      lines.push(`- ${left[i++]}`)
    } else lines.push(`+ ${right[j++]}`)
  }
  return lines.join('\n')
}

/** `-` is HAProxy, `+` is the subject. */
export function describe(setup: Setup, exchange: Exchange, expected: string, seen: string): string {
  const from = exchange.from === undefined ? '' : ` from ${exchange.from}`
  const servers = Object.entries(exchange.origins).map(([name, script]) => `${name} ${brief(JSON.stringify(script))}`)
  return `### ${setup.name}: ${exchange.name}
client${from}:
${exchange.client.map(step).join('\n')}
servers: ${servers.join('; ')}
\`\`\`diff
${compare(expected, seen)}
\`\`\`

`
}
