import t from 'tap'
import { checkText, serverText } from '../../lib/observe/log-notice.js'

t.test('a change of a server reads as in HAProxy', async (t) => {
  const counts = { active: 1, backups: 0, current: 2, queued: 3 }
  const change = { backend: 'web', server: 's1', ...counts }
  t.equal(
    serverText({ ...change, up: false, reason: 'L4CON' }),
    'Server web/s1 is DOWN, reason: Layer4 connection problem. 1 active and 0 backup servers left. 2 sessions active, 0 requeued, 3 remaining in queue.',
  )
  t.equal(
    serverText({ ...change, up: true, reason: 'L7OK/200' }),
    'Server web/s1 is UP, reason: Layer7 check passed, code: 200. 1 active and 0 backup servers online. 0 sessions requeued, 3 total in queue.',
  )
})

t.test('an unknown reason is shown as it is', async (t) => {
  t.equal(checkText('constructor'), 'constructor')
  t.equal(checkText('L7STS/503'), 'Layer7 wrong status, code: 503')
})
