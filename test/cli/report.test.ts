import t from 'tap'
import { Report, shape } from '../../lib/cli/report.js'

t.test('messages have the shape of HAProxy', async (t) => {
  t.equal(shape('ALERT', 42, 'x'), '[ALERT]    (42) : x\n')
  t.equal(shape('WARNING', 42, 'x'), '[WARNING]  (42) : x\n')
  t.equal(shape('NOTICE', 42, 'x'), '[NOTICE]   (42) : x\n')
})

t.test('before the first message, and only then, it says who speaks', async (t) => {
  const said: string[] = []
  const report = new Report((text) => said.push(text))
  report.warning('one')
  report.alert('two')
  t.match(said, [
    /^\[NOTICE\] .*fairlead version is \d+\.\d+\.\d+/,
    /^\[NOTICE\] .*path to executable is/,
    /^\[WARNING\] .*one\n$/,
    /^\[ALERT\] .*two\n$/,
  ])
  t.match(report, { warnings: 1, alerts: 1 })
})

t.test('a process that serves does not introduce itself', async (t) => {
  const said: string[] = []
  const report = new Report((text) => said.push(text))
  report.started()
  report.warning('down')
  t.equal(said.length, 1)
})

t.test('quiet, it counts but says nothing', async (t) => {
  const said: string[] = []
  const report = new Report((text) => said.push(text))
  report.quiet = true
  report.alert('x')
  report.plain('usage')
  t.same(said, [])
  t.equal(report.alerts, 1)
})
