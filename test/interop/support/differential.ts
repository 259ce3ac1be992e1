/** Runs exchanges through two proxies on the same configuration, and gives what each side saw. */

import { setTimeout as pause } from 'node:timers/promises'
import { closeStage, type Exchange, openStage, play, type Stage } from './exchange.js'
import { freePort } from './ports.js'
import { ProxyProcess } from './proxy.js'
import { Syslog } from './syslog.js'

/**
 * `sections` is repeated for every exchange, so that each has its own listener, servers, queue and pool:
 * `{n}` is its number, `{port}` its listener, `{s1}` the port of the origin of that name, `{refused}` a port without
 * listener, `{blackhole}` one on which connecting never ends.
 */
export interface Setup {
  readonly name: string
  /** Further lines of `global`. */
  readonly global?: string
  /** Further lines of `defaults`; `mode http` with httplog when absent. */
  readonly defaults?: string
  readonly sections: string
  readonly exchanges: readonly Exchange[]
  /** How many exchanges run at the same time. */
  readonly parallel?: number
}

export interface Shared {
  readonly blackhole: number
}

const DEFAULTS = `  mode http
  option httplog
  timeout connect 4s
  timeout client 8s
  timeout server 8s`

function render(setup: Setup, log: number, ready: number, sections: readonly string[]): string {
  return `global
  log 127.0.0.1:${log} local0
  nbthread 1
${setup.global ?? ''}
defaults
  log global
  no option abortonclose
${setup.defaults ?? DEFAULTS}
${sections.join('\n')}
listen ready
  mode tcp
  no log
  bind 127.0.0.1:${ready}
`
}

function fill(template: string, values: ReadonlyMap<string, string>): string {
  return template.replace(/\{([a-z]+\d*)\}/g, (whole, name: string) => values.get(name) ?? whole)
}

async function sectionOf(setup: Setup, number: number, stage: Stage, refused: number, shared: Shared): Promise<string> {
  const values = new Map([
    ['n', String(number)],
    ['port', String(stage.port)],
    ['refused', String(refused)],
    ['blackhole', String(shared.blackhole)],
  ])
  for (const [name, origin] of stage.origins) values.set(name, String(origin.port))
  return fill(setup.sections, values)
}

/** What one proxy did with each exchange, in order. */
export async function observe(command: readonly string[], setup: Setup, shared: Shared): Promise<string[]> {
  const syslog = new Syslog()
  await syslog.open()
  const stages: Stage[] = []
  const sections: string[] = []
  const refused = await freePort()
  for (const [number, exchange] of setup.exchanges.entries()) {
    const stage = await openStage(exchange, await freePort())
    stages.push(stage)
    sections.push(await sectionOf(setup, number, stage, refused, shared))
  }
  try {
    return await observeOn(command, setup, stages, sections, syslog, refused)
  } finally {
    await Promise.all(stages.map(closeStage))
    syslog.close()
  }
}

async function observeOn(
  command: readonly string[],
  setup: Setup,
  stages: readonly Stage[],
  sections: readonly string[],
  syslog: Syslog,
  refused: number,
): Promise<string[]> {
  const ready = await freePort()
  const proxy = await ProxyProcess.start(command, render(setup, syslog.port, ready, sections), ready)
  try {
    const seen = await playAll(setup, stages)
    await proxyQuiet(syslog)
    if (!proxy.running) throw new Error(`${command.join(' ')} ended while it was used: ${proxy.ending}`)
    await proxy.stop()
    await proxyQuiet(syslog)
    return seen.map((lines, number) => show(lines, syslog.of(`fe${number}`), stages[number], refused))
  } finally {
    await proxy.stop()
  }
}

async function playAll(setup: Setup, stages: readonly Stage[]): Promise<string[][]> {
  const seen: string[][] = setup.exchanges.map(() => [])
  let next = 0
  const worker = async () => {
    for (let number = next++; number < stages.length; number = next++) {
      seen[number] = await play(setup.exchanges[number]!, stages[number]!)
    }
  }
  await Promise.all(Array.from({ length: setup.parallel ?? 8 }, worker))
  return seen
}

/** Log lines come after the bytes that they tell of. */
async function proxyQuiet(syslog: Syslog): Promise<void> {
  for (let before = -1; before !== syslog.lines.length; await pause(120)) before = syslog.lines.length
}

function show(seen: readonly string[], logged: readonly string[], stage: Stage | undefined, refused: number): string {
  let text = [...seen, ...logged.map((line) => `log: ${line}`)].join('\n')
  if (stage === undefined) return text
  text = text.replaceAll(`:${stage.port}`, ':{port}').replaceAll(`:${refused}`, ':{refused}')
  for (const [name, origin] of stage.origins) text = text.replaceAll(`:${origin.port}`, `:{${name}}`)
  return text.replace(/^(log: \S+?)\d+\//gm, '$1/')
}
