/** The measured rows as a table for people and as plain data for a file. Nothing is measured here. */
import type { LookupFigure } from './lookups.js'
import { median, type Row } from './measure.js'
import { type Goal, goals, type Scenario } from './scenarios.js'
import type { ServersReport } from './servers.js'
import type { TableFigure } from './tables.js'

export interface GoalResult extends Goal {
  /** Absent where one of the two was not measured. */
  readonly value?: number
  readonly met?: boolean
  /** The figure of those who stand beside it. */
  readonly theirs?: number | undefined
}

export interface Report {
  readonly date: string
  readonly machine: Record<string, string | number | boolean>
  readonly versions: Record<string, string>
  readonly settings: Record<string, string | number>
  readonly rows: readonly Row[]
  readonly goals: readonly GoalResult[]
  readonly lookups: readonly LookupFigure[]
  readonly servers: ServersReport | undefined
  readonly tables: readonly TableFigure[]
}

type Column = [title: string, value: (row: Row, rows: readonly Row[]) => string]

const number = (value: number | undefined, digits: number): string =>
  value === undefined || !Number.isFinite(value) ? '-' : value.toFixed(digits)

/** How often the figure of another row goes into this one: 2.00 costs twice as much. */
function ratio(row: Row, rows: readonly Row[], other: string, key: 'cpu' | 'idleMemory' | 'bytesPerSecond'): string {
  const base = rows.find((each) => each.proxy === other)?.[key]
  const own = row[key]
  return own === undefined || base === undefined || base === 0 ? '-' : (own / base).toFixed(2)
}

const mebibytes = (bytes: number | undefined): number | undefined => (bytes === undefined ? undefined : bytes / 2 ** 20)

const load: readonly Column[] = [
  ['CPU µs/req', (row) => number(row.cpu, row.cpu !== undefined && row.cpu < 100 ? 1 : 0)],
  ['× haproxy', (row, rows) => ratio(row, rows, 'haproxy', 'cpu')],
  ['× fairlead', (row, rows) => ratio(row, rows, 'fairlead', 'cpu')],
  ['requests/s', (row) => number(row.requestsPerSecond, 0)],
  ['p99 ms', (row) => number(row.p99, 2)],
  ['peak MiB', (row) => number(mebibytes(row.peak), 0)],
]

const bulk: readonly Column[] = [
  ...load,
  ['GB/s', (row) => number(row.bytesPerSecond === undefined ? undefined : row.bytesPerSecond / 1e9, 2)],
  ['GB/s × haproxy', (row, rows) => ratio(row, rows, 'haproxy', 'bytesPerSecond')],
]

const idle: readonly Column[] = [
  ['KiB/connection', (row) => number(row.idleMemory === undefined ? undefined : row.idleMemory / 1024, 1)],
  ['× haproxy', (row, rows) => ratio(row, rows, 'haproxy', 'idleMemory')],
  ['× fairlead', (row, rows) => ratio(row, rows, 'fairlead', 'idleMemory')],
  ['CPU at rest %', (row) => number(row.idleCpu, 2)],
  ['peak MiB', (row) => number(mebibytes(row.peak), 0)],
]

function columns(scenario: Scenario): readonly Column[] {
  if (scenario.idle) return idle
  return scenario.upload || scenario.answer > 100_000 ? bulk : load
}

/** One scenario as lines of text. */
export function table(scenario: Scenario, rows: readonly Row[]): string {
  const shown = columns(scenario)
  const cells = [['proxy', ...shown.map(([title]) => title)]]
  for (const row of rows)
    if (row.failed === undefined) cells.push([row.proxy, ...shown.map(([, value]) => value(row, rows))])
  const widths = cells[0]!.map((_, index) => Math.max(...cells.map((line) => line[index]!.length)))
  const lines = cells.map((line) =>
    line.map((cell, index) => (index ? cell.padStart(widths[index]!) : cell.padEnd(widths[0]!))).join('  '),
  )
  for (const row of rows) if (row.failed !== undefined) lines.push(`${row.proxy}  FAILED: ${row.failed}`)
  return [`\n${scenario.name}: ${scenario.title}`, ...lines].join('\n')
}

export function judge(rows: readonly Row[]): GoalResult[] {
  return goals
    .filter((goal) => rows.some((row) => row.scenario === goal.scenario))
    .map((goal) => {
      const row = (proxy: string): Row | undefined =>
        rows.find((each) => each.scenario === goal.scenario && each.proxy === proxy && each.failed === undefined)
      const figure = ({ over, under }: Pick<Goal, 'over' | 'under'>): number | undefined =>
        compare(row(over), row(under), goal.measure)
      const value = figure(goal)
      if (value === undefined) return goal
      const theirs = goal.beside && figure(goal.beside)
      return { ...goal, value, met: goal.sense === 'at most' ? value <= goal.limit : value >= goal.limit, theirs }
    })
}

function compare(over: Row | undefined, under: Row | undefined, measure: Goal['measure']): number | undefined {
  if (over === undefined || under === undefined) return undefined
  if (measure === 'added') return median(over.rounds.map(({ user }, turn) => user - (under.rounds[turn]?.user ?? user)))
  const key = measure === 'bytes' ? 'bytesPerSecond' : 'cpu'
  const base = under[key]
  return base === undefined || base === 0 ? undefined : (over[key] ?? 0) / base
}

const measures = { cpu: 'CPU', added: 'further CPU µs a request', bytes: 'bytes/s' } as const

export function goalLines(results: readonly GoalResult[]): string {
  const lines = results.map((goal) => {
    const what = `${goal.scenario}: ${measures[goal.measure]} of ${goal.over} over ${goal.under}`
    const value = goal.value === undefined ? 'not measured' : `${goal.value.toFixed(2)} ${goal.met ? 'met' : 'MISSED'}`
    const beside =
      goal.theirs === undefined ? '' : ` (${goal.beside?.over} over ${goal.beside?.under}: ${goal.theirs.toFixed(2)})`
    return `  ${what}, ${goal.sense} ${goal.limit}: ${value}${beside}`
  })
  return ['\nGoals', ...lines].join('\n')
}
