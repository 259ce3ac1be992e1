import { execFile } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'

const root = process.cwd()

/** Two files, one of which asks a question that cannot be answered at its checkpoint. */
const program = (question: string): string =>
  `
import { deny } from 'lib/rules/actions/deny.js'
import type { Rule } from 'lib/rules/rule.js'
import { path, status } from 'lib/match/fetches/message.js'
export const rules: Rule<'request'>[] = [deny().if(${question})]
export const used = [path, status]
`.replace(/'lib\/(.*?)'/g, (_, module: string) => JSON.stringify(join(root, 'lib', module)))

t.test('a question about the response in a request rule is an error of the compiler', async (t) => {
  const directory = t.testdir({ 'good.mts': program("path.is('/')"), 'bad.mts': program('status.is(500)') })
  const options = [
    '--ignoreConfig',
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--target',
    'es2023',
  ]
  const files = ['good.mts', 'bad.mts'].map((file) => join(directory, file))
  const said = await new Promise<string>((resolve) => {
    const compiler = join(root, 'node_modules/typescript/bin/tsc')
    // The test runner loads itself into every node that is started, which the compiler does not survive.
    const args = ['-u', 'NODE_OPTIONS', process.execPath, compiler, ...options, '--types', 'node', ...files]
    execFile('env', args, { cwd: root }, (_, output) => resolve(output))
  })
  const errors = said.split('\n').filter((line) => line.includes('error TS') && !/^(?:\.\.\/)*lib\//.test(line))
  t.equal(errors.length, 1, said)
  t.match(
    errors[0],
    /bad\.mts\(5,\d+\): error TS2322: Type 'Rule<"response">' is not assignable to type 'Rule<"request">'/,
  )
})
