import t from 'tap'
import { checkLine, checkText, reasonText } from '../../lib/observe/log-notice.js'

t.test('a check reads as in HAProxy', async (t) => {
  const stands = { backup: false, duration: 1, up: true, count: 2, of: 3, agent: false }
  const check = { server: 'b/s1', passed: false, status: 'L7STS', code: 503, description: 'HTTP status', ...stands }
  t.equal(
    checkLine(check),
    'Health check for server b/s1 failed, reason: Layer7 wrong status, code: 503, info: "HTTP status", check duration: 1ms, status: 2/3 UP.',
  )
  t.equal(
    checkLine({ ...check, status: 'L7OKC', code: 404, description: '', passed: true, count: 3 }),
    'Health check for server b/s1 conditionally succeeded, reason: Layer7 check conditionally passed, code: 404, check duration: 1ms, status: 3/3 UP.',
  )
  t.equal(
    checkLine({
      ...stands,
      backup: true,
      server: 'b/s1',
      passed: false,
      status: 'HANA',
      description: 'Detected',
      duration: -1,
    }),
    'Health check for backup server b/s1 failed, reason: Health analyze, info: "Detected", status: 2/3 UP.',
  )
  const agent = { ...stands, server: 'b/s1', agent: true, duration: 54, up: false, count: 0, of: 1 }
  t.equal(
    checkLine({ ...agent, passed: false, status: 'L7STS', code: 0, description: 'via agent : fail' }),
    'Agent check for server b/s1 failed, reason: Layer7 wrong status, code: 0, info: "via agent : fail", check duration: 54ms, status: 0/1 DOWN.',
  )
})

t.test('a reason says no more than there is to say', async (t) => {
  t.equal(reasonText({ status: 'L4OK', duration: 3 }), ', reason: Layer4 check passed, check duration: 3ms')
  t.equal(reasonText({ status: 'L7OK', duration: -1 }), ', reason: Layer7 check passed, code: 0')
  t.equal(checkText('constructor'), 'constructor', 'what is unknown is shown as it is')
})
