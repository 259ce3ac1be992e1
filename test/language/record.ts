/** `node <build>/test/language/record.js [topic…]`: asks the real HAProxy what each case gives, and writes it to `recorded/`. */
import { spawnSync } from 'node:child_process'
import { haproxy } from '../interop/support/proxy.js'
import { topics } from './cases/index.js'
import { isLoadCase, isNewer, REFUSED } from './support/judge.js'
import { runLive } from './support/live.js'
import { write } from './support/recording.js'
import { subjectsOf } from './support/setup.js'

const words = process.argv.slice(2)
const version = /version (\S+)/.exec(spawnSync(haproxy[0]!, ['-v'], { encoding: 'utf8' }).stdout)?.[1] ?? 'unknown'
const unknown = words.filter((word) => !topics.some(({ name }) => name === word))
if (unknown.length > 0)
  throw new Error(`no topic: ${unknown.join(', ')}; there are ${topics.map(({ name }) => name).join(', ')}`)

const asked = topics.filter(({ name }) => words.length === 0 || words.includes(name))
for (const { name, cases } of asked) {
  const twins = cases.map((one) => one.name).filter((one, at, all) => all.indexOf(one) !== at)
  if (twins.length > 0) throw new Error(`${name} has several cases of one name: ${twins.join('; ')}`)
}
const subjects = subjectsOf(asked).filter((subject) => !isNewer(subject))
const gave = await runLive(haproxy, subjects)
for (const { name } of asked) {
  const own = subjects.filter(({ topic }) => topic === name)
  write(
    name,
    version,
    own.map((subject) => [subject, gave.get(subject.id) ?? '']),
  )
  for (const subject of own) {
    const text = gave.get(subject.id) ?? ''
    if (text.startsWith(REFUSED) && !isLoadCase(subject)) console.log(`${name}: '${subject.case.name}' is ${text}`)
  }
  console.log(`${name}: ${own.length} cases recorded from HAProxy ${version}`)
}
