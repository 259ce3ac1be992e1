/** Where checks and agents go: `addr` and `port` of a server, in all the forms that HAProxy takes. */
import t from 'tap'
import { parseConfig } from '../../lib/config/index.js'

const parsed = (words: string) =>
  parseConfig(`defaults
  mode http
  timeout connect 1s
  timeout client 1s
  timeout server 1s
backend be
  server s 127.0.0.1:80 ${words}
`)
    .backend('be')
    .server('s')

t.test('checks go where addr says, to a port of its own or not', async (t) => {
  for (const [words, checkAddress, checkPort] of [
    ['addr 127.0.0.2', '127.0.0.2', undefined],
    ['addr 127.0.0.2:81', '127.0.0.2:81', undefined],
    ['addr 127.0.0.2:81 port 82', '127.0.0.2:81', 82],
    ['addr ::1:81', '::1:81', undefined],
    ['addr [::1]:81', '[::1]:81', undefined],
    ['addr ipv4@127.0.0.2:81', 'ipv4@127.0.0.2:81', undefined],
    ['addr localhost:81', 'localhost:81', undefined],
    ['addr /run/x.sock', '/run/x.sock', undefined],
    ['addr unix@/run/x.sock', 'unix@/run/x.sock', undefined],
    ['addr *:81', '*:81', undefined],
  ] as const)
    t.match(parsed(`check ${words}`), { checkAddress, checkPort }, words)
})

t.test('no-check takes back what default-server says', async (t) => {
  t.equal(parsed('check')?.checkOption, true)
  for (const words of ['', 'check no-check']) t.equal(parsed(words)?.checkOption, false)
})

t.test('an agent is asked there, too, unless it has a place of its own', async (t) => {
  for (const [words, address, port] of [
    ['addr 127.0.0.2 agent-port 99', '127.0.0.2', 99],
    ['agent-port 99 addr 127.0.0.2:81 port 82', '127.0.0.2:81', 99],
    ['addr 127.0.0.2 port 82', '127.0.0.2', 82],
    ['port 82', undefined, 82],
    ['addr 127.0.0.2 agent-addr 127.0.0.3 agent-port 99', '127.0.0.3', 99],
    ['agent-addr 127.0.0.3 addr 127.0.0.2 agent-port 99', '127.0.0.3', 99],
  ] as const)
    t.match(parsed(`agent-check ${words}`)?.agent, { address, port }, words)
})

t.test('what is no place is refused', async (t) => {
  for (const [words, complaint] of [
    ['addr 127.0.0.2:+1', /'addr' : port offset not permitted here in '127\.0\.0\.2:\+1'/],
    ['addr 127.0.0.2:80-90', /'addr' : invalid address/],
    ['addr 127.0.0.2:70000', /'addr' : invalid address/],
    ['addr ::1', /'addr' : invalid address/],
    ['agent-check addr 127.0.0.2:81', /does not have agent port/],
  ] as const)
    t.throws(() => parsed(words), { message: complaint }, words)
})
