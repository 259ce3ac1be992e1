/** The words of `server` and `default-server` lines about health: agents, traffic, other servers, and what comes of going down and up. */
import { Ip } from '../../index.js'
import { choice, flag, number, type ServerOption, span, text, time } from './server-option.js'

const agentAddress: ServerOption = {
  takes: 1,
  read: (line, value, into) => {
    if (Ip.parse(value.replace(/^(?:ipv[46]@)?/, '')) === undefined)
      line.alert(
        `parsing agent-addr failed. Check if '${value}' is correct address.`,
        'write an IP address without a port',
      )
    else into.agentAddress = value
  },
}

/** `observe none` is what there is without it. */
const observe = choice(
  'observe',
  'observe',
  { none: undefined, layer4: 'layer4', layer7: 'layer7' },
  "one of 'none', 'layer4', 'layer7'",
)

export const healthOptions: readonly (readonly [string, ServerOption])[] = [
  ['agent-check', flag('agentCheck', true)],
  ['no-agent-check', flag('agentCheck', false)],
  ['agent-port', number('agent-port', 'agentPort', { min: 1, max: 65_535 })],
  ['agent-addr', agentAddress],
  ['agent-inter', time('agent-inter', 'agentInterval')],
  ['agent-send', text('agentSend')],
  ['observe', observe],
  ['error-limit', number('error-limit', 'errorLimit', { min: 1, max: 2 ** 31 - 1 })],
  [
    'on-error',
    choice(
      'on-error',
      'onError',
      {
        fastinter: 'fastInterval',
        'fail-check': 'failCheck',
        'sudden-death': 'suddenDeath',
        'mark-down': 'markDown',
      },
      "one of 'fastinter', 'fail-check', 'sudden-death' or 'mark-down'",
    ),
  ],
  [
    'on-marked-down',
    choice('on-marked-down', 'onMarkedDown', { 'shutdown-sessions': 'shutdownSessions' }, "'shutdown-sessions'"),
  ],
  [
    'on-marked-up',
    choice(
      'on-marked-up',
      'onMarkedUp',
      { 'shutdown-backup-sessions': 'shutdownBackupSessions' },
      "'shutdown-backup-sessions'",
    ),
  ],
  ['slowstart', span('slowstart', 'slowStart')],
  ['track', text('track')],
  [
    'init-state',
    choice(
      'init-state',
      'initState',
      { 'fully-up': 'fullyUp', up: 'up', down: 'down', 'fully-down': 'fullyDown', none: undefined },
      "one of 'fully-up', 'up', 'down', 'fully-down' or 'none'",
    ),
  ],
]
