import t from 'tap'
import { checkLine, checkText, serverText } from '../../lib/observe/log-notice.js'

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

t.test('a check reads as in HAProxy', async (t) => {
  const stands = { duration: 1, up: true, count: 2, of: 3 }
  const check = { backend: 'b', server: 's1', passed: false, reason: 'L7STS/503', ...stands }
  t.equal(
    checkLine(check),
    'Health check for server b/s1 failed, reason: Layer7 wrong status, code: 503, check duration: 1ms, status: 2/3 UP.',
  )
  const back = { ...check, passed: true, reason: 'L7OK/200', up: false, count: 1, of: 2 }
  t.match(checkLine(back), /succeeded, reason: Layer7 check passed, code: 200, .* status: 1\/2 DOWN\.$/)
  const change = { backend: 'b', server: 's1', active: 0, backups: 0, current: 0, queued: 0 }
  t.match(serverText({ ...change, up: false, reason: undefined }), /^Server b\/s1 is DOWN\. 0 active/)
})

t.test('an unknown reason is shown as it is', async (t) => {
  t.equal(checkText('constructor'), 'constructor')
  t.equal(checkText('L7STS/503'), 'Layer7 wrong status, code: 503')
})
