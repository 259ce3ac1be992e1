import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { checkLimits, findIdentity, writePidFile } from '../../lib/cli/process-settings.js'
import { Report } from '../../lib/cli/report.js'

function listen(): { report: Report; said: () => string } {
  let all = ''
  const report = new Report((text) => (all += text))
  report.started()
  return { report, said: () => all }
}

t.test('names of users and groups are looked up, numbers are taken as they are', async (t) => {
  const { report, said } = listen()
  t.same(findIdentity({ user: 'root', gid: 7 }, report), { uid: 0, gid: 7 })
  t.same(findIdentity({}, report), { uid: undefined, gid: undefined })
  t.equal(said(), '')
})

t.test('a name that nobody has is an alert', async (t) => {
  const { report, said } = listen()
  findIdentity({ user: 'no-such-user', group: 'no-such-group' }, report)
  t.equal(report.alerts, 2)
  t.match(said(), /cannot find user id for 'no-such-user'\n.*cannot find group id for 'no-such-group'/)
})

t.test('more connections than the system grants descriptors for', async (t) => {
  const { report, said } = listen()
  checkLimits(450, report, 1000)
  checkLimits(undefined, report, 10)
  t.equal(said(), '')
  checkLimits(4000, report, 1000)
  t.match(said(), /WARNING.*FD limit \(1000\) too low for maxconn=4000/)
})

t.test('the pid file', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-pid-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const { report, said } = listen()
  t.equal(writePidFile(join(folder, 'pid'), report), true)
  t.equal(readFileSync(join(folder, 'pid'), 'utf8'), `${process.pid}\n`)
  t.equal(writePidFile(join(folder, 'absent', 'pid'), report), false)
  t.match(said(), /Cannot create pidfile .*absent/)
})
