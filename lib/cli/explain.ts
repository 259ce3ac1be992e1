/** `fairlead explain`: loads a configuration, starts nothing, and tells how one request would go. */
import { readFileSync } from 'node:fs'
import { Balancer, OptionError } from '../index.js'
import { readArguments } from './arguments.js'
import { loadFor } from './configuration.js'
import { ExplainFault, type ExplainLine, readExplain } from './explain-arguments.js'
import type { Report, Write } from './report.js'
import { explainUsage } from './usage.js'

/** @returns the exit status: 0, or 1 when the configuration or the question cannot be used, which has been told */
export async function explain(words: readonly string[], report: Report, say: Write): Promise<number> {
  let line: ExplainLine
  try {
    line = readExplain(words)
  } catch (error) {
    if (!(error instanceof ExplainFault)) throw error
    report.alert(`explain : ${error.message}.`)
    report.plain(explainUsage)
    return 1
  }
  const loading = readArguments(line.files.flatMap((file) => ['-f', file]))
  if ('usage' in loading) return 1
  const config = await loadFor(loading, report)
  if (config === undefined) return 1
  try {
    const inquiry = line.bodyFile === undefined ? line.inquiry : { ...line.inquiry, body: readFileSync(line.bodyFile) }
    const explanation = await new Balancer(config).explain(line.url, inquiry)
    say(line.json ? `${JSON.stringify(explanation, undefined, 2)}\n` : explanation.toString())
    return 0
  } catch (error) {
    const known = error instanceof OptionError || (error as { code?: unknown }).code !== undefined
    if (!known) throw error
    report.alert(`${(error as Error).message}.`)
    return 1
  }
}
