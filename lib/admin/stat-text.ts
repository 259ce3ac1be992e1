/** Lines of statistics as text: HAProxy's CSV, its typed lines and its JSON. */
import type { Tags, ValueType } from './stat-columns.js'
import { FIXED_COLUMNS, statColumns } from './stat-columns.js'
import type { StatRow } from './stat-row.js'

/** One value with what is known of it. */
export interface Typed {
  readonly position: number
  readonly name: string
  readonly tags: Tags
  readonly type: ValueType
  readonly value: string | number
  readonly description: string
}

const header = `# ${[...statColumns.slice(0, FIXED_COLUMNS).map(({ name }) => name), '-'].join(',')},${statColumns
  .slice(FIXED_COLUMNS)
  .map(({ name }) => name)
  .join(',')},\n`

/** A header, then a line for each. */
export function* csv(rows: Iterable<StatRow>): Generator<string> {
  yield header
  for (const { values } of rows) {
    let line = ''
    statColumns.forEach(({ name }, index) => {
      if (index === FIXED_COLUMNS) line += '-,'
      line += `${field(values.get(name))},`
    })
    yield `${line}\n`
  }
}

/** Texts that hold a comma or a quote stand in quotes. */
function field(value: string | number | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'number' || !/[",\n\r]/.test(value)) return String(value)
  return `"${value.replaceAll('"', '""')}"`
}

/** The values of a line that are there. */
export function typedValues({ kind, values }: StatRow): readonly Typed[] {
  return statColumns.flatMap(({ name, tags, type, description, ofBackends }, position) => {
    const value = values.get(name)
    if (value === undefined) return []
    return [{ position, name, tags: kind === 'Backend' ? (ofBackends ?? tags) : tags, type, value, description }]
  })
}

/** `S.3.1.4.scur.1:MGP:u32:0`, one for each value. */
export function* typed(rows: Iterable<StatRow>, described: boolean): Generator<string> {
  for (const row of rows) {
    const start = `${row.kind[0]}.${row.proxyId}.${row.id}.`
    yield typedValues(row)
      .map((value) => `${start}${typedLine(value, described)}`)
      .join('')
  }
}

export function typedLine({ position, name, tags, type, value, description }: Typed, described: boolean): string {
  return `${position}.${name}.1:${tags}:${type}:${value}${described ? `:"${description}"` : ''}\n`
}

const ORIGINS: Readonly<Record<string, string>> = { M: 'Metric', S: 'Status', K: 'Key', C: 'Config', P: 'Product' }
const NATURES: Readonly<Record<string, string>> = {
  G: 'Gauge',
  L: 'Limit',
  m: 'Min',
  M: 'Max',
  R: 'Rate',
  C: 'Counter',
  D: 'Duration',
  A: 'Age',
  T: 'Time',
  N: 'Name',
  O: 'Output',
  a: 'Avg',
}
const SCOPES: Readonly<Record<string, string>> = { C: 'Cluster', P: 'Process', S: 'Service', s: 'System' }

/** One value as `show schema json` describes it. @param about what stands before it */
export function jsonValue({ position, name, tags, type, value }: Typed, about = ''): string {
  const [origin = '', nature = '', scope = ''] = tags
  const tagged = { origin: ORIGINS[origin], nature: NATURES[nature], scope: SCOPES[scope] }
  const rest = JSON.stringify({ field: { pos: position, name }, processNum: 1, tags: tagged, value: { type, value } })
  return `{${about}${rest.slice(1)}`
}

/** An array of arrays: one for each line. */
export function* json(rows: Iterable<StatRow>): Generator<string> {
  let before = '['
  for (const row of rows) {
    const about = `"objType":"${row.kind}","proxyId":${row.proxyId},"id":${row.id},`
    yield `${before}[${typedValues(row)
      .map((value) => jsonValue(value, about))
      .join(',')}]`
    before = ','
  }
  yield before === '[' ? '[]\n' : ']\n'
}
