/** Actions that tell the kernel or the scheduler something that Node cannot tell them: they load, and the loader says that nothing comes of them. */
import type { LanguageCase } from '../case.js'

interface Action {
  readonly name: string
  readonly value: string
  readonly sets: readonly string[]
  readonly since?: string
}

const tcp = ['tcp-request connection', 'tcp-request session', 'tcp-request content', 'tcp-response content']
const http = ['http-request', 'http-response']

const actions: readonly Action[] = [
  { name: 'set-mark', value: '0x10', sets: [...tcp, ...http] },
  { name: 'set-tos', value: '0x10', sets: [...tcp, ...http] },
  { name: 'set-nice', value: '10', sets: ['tcp-request content', 'tcp-response content', ...http] },
  { name: 'set-fc-mark', value: '0x10', sets: [...tcp, ...http], since: '3.0' },
  { name: 'set-fc-tos', value: '0x10', sets: [...tcp, ...http], since: '3.0' },
  { name: 'set-bc-mark', value: '0x10', sets: ['tcp-request content', 'http-request'], since: '3.0' },
  { name: 'set-bc-tos', value: '0x10', sets: ['tcp-request content', 'http-request'], since: '3.0' },
]

export const cases: readonly LanguageCase[] = actions.flatMap(({ name, value, sets, since }) =>
  sets.map((set) => ({
    name: `${set} ${name}`,
    covers: [`action:${set} ${name}`],
    ...(set === 'tcp-response content'
      ? { backend: [`${set} ${name} ${value}`] }
      : { frontend: [`${set} ${name} ${value}`] }),
    expression: 'src',
    sees: ['load'] as const,
    expect: 'has no effect here',
    ...(since === undefined ? {} : { since }),
  })),
)
