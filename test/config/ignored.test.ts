import t from 'tap'
import { parseConfig } from '../../lib/config/index.js'

const times = 'timeout connect 5s\n timeout client 5s\n timeout server 5s\n'
const warnings = (text: string): readonly string[] => parseConfig(text).diagnostics.map(({ message }) => message)

t.test('what needs HTTP mode, and is there without it, is told of, even where defaults say it', async (t) => {
  const settings = ` monitor-uri /alive\n option prefer-last-server\n ${times}`
  const proxies = 'frontend f\n bind :9\n default_backend b\nbackend b\n server s 127.0.0.1:1\n'
  t.same(warnings(`defaults\n mode tcp\n${settings}${proxies}`), [
    "'monitor-uri' ignored for frontend 'f' as it requires HTTP mode.",
    "'option prefer-last-server' ignored for backend 'b' as it requires HTTP mode.",
  ])
  t.same(warnings(`defaults\n mode http\n${settings}${proxies}`), [])
})

t.test('states that are to come from a file that nobody named', async (t) => {
  const text = `defaults\n mode http\n load-server-state-from-file global\n ${times}backend b\n server s 127.0.0.1:1\n`
  t.same(warnings(text), [
    "backend 'b' is to load the states of servers from the 'server-state-file' of 'global', which is not set.",
  ])
  t.same(warnings(`global\n server-state-file /var/lib/states\n${text}`), [])
  t.same(warnings(text.replace('global', 'local')), [])
})
