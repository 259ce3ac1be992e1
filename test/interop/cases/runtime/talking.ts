/** How a conversation with the runtime API goes: modes, levels, several commands a line, payloads, and what is no command. */
import { defaults, maskGuesses, maskNumbers, type RuntimeCase, type Step, sockets } from './case.js'

const config: RuntimeCase['config'] = (place) => `global
${sockets(place)}  stats timeout 10s
  maxconn 1000
${defaults}frontend fe
  bind 127.0.0.1:${place.port('fe')}
  default_backend be
backend be
  server s1 127.0.0.1:${place.origin}
`

const restricted = [
  ...['clear counters', 'clear counters all', 'show env', 'operator', 'disable frontend fe', 'enable frontend fe'],
  ...[
    'shutdown frontend fe',
    'set maxconn frontend fe 3',
    'set maxconn global 3',
    'expert-mode on',
    'experimental-mode',
  ],
]

export const talking: readonly RuntimeCase[] = [
  {
    name: 'talking',
    config,
    steps: [
      { ask: 'show cli level' },
      { ask: 'show cli level;show cli level' },
      { ask: 'show cli level\nshow cli level' },
      { ask: '  show   cli\tlevel  ' },
      { ask: 'show cli level ; show cli level' },
      { ask: 'show cli level\r' },
      { ask: 'prompt\nshow cli level\nquit\nshow cli level' },
      { ask: 'prompt;show cli level;show backend' },
      { ask: 'prompt\nprompt\nshow cli level' },
      { ask: 'quit' },
      { ask: 'show cli level;quit;show cli level' },
      { ask: 'show cli level <<\nignored\n' },
      { ask: 'prompt\nshow cli level <<\nignored\n\nshow cli level' },
      { ask: 'show cli level', level: 'operator' },
      { ask: 'show cli level', level: 'user' },
      { ask: 'operator;show cli level;user;show cli level;operator' },
      { ask: 'user;expert-mode' },
      { ask: 'show cli sockets' },
      { ask: 'show cli sockets', level: 'user' },
      { ask: 'set timeout' },
      { ask: 'set timeout cli' },
      { ask: 'set timeout cli x' },
      { ask: 'set timeout cli 0' },
      { ask: 'set timeout cli 5' },
      { ask: 'set timeout cli 500ms' },
      { ask: 'set timeout srv 5' },
      { ask: 'set severity-output' },
      { ask: 'set severity-output loud' },
      {
        ask: 'set severity-output number;set timeout cli;show cli level;show version;operator;expert-mode',
        mask: maskVersion,
      },
      { ask: 'set severity-output string;set timeout cli;show cli level;get nothing', mask: maskGuesses },
      { ask: 'set severity-output none;set timeout cli' },
      { ask: 'expert-mode;expert-mode on;expert-mode;expert-mode off;expert-mode' },
      { ask: 'experimental-mode;experimental-mode on;experimental-mode;operator;experimental-mode' },
      { ask: 'expert-mode maybe' },
      { ask: 'help', subset: true, mask: withoutYounger },
      { ask: 'help', level: 'user', subset: true, mask: withoutYounger },
      { ask: 'help clear counters' },
      { ask: 'help show stat' },
      { ask: 'help show cli' },
      { ask: 'help quit' },
      { ask: '', subset: true, mask: withoutYounger },
      { ask: ';show cli level', subset: true, mask: withoutYounger },
      { ask: 'gibberish', mask: maskGuesses },
      { ask: 'show cli' },
      { ask: 'show schema' },
      { ask: 'set maxconn fe', mask: maskGuesses },
      ...restricted.map((ask): Step => ({ ask, level: 'user' })),
    ],
  },
  {
    name: 'the process',
    config,
    steps: [
      { ask: 'show version', mask: maskVersion },
      { ask: 'show backend' },
      { ask: 'show backend', level: 'user' },
      { ask: 'show env HOME' },
      { ask: 'show env', level: 'operator', mask: (answer) => /^HOME=.*$/m.exec(answer)?.[0] ?? answer },
      { ask: 'show env NO_SUCH_VARIABLE' },
      { ask: 'show schema json' },
      { ask: 'show info', mask: maskInfo },
      { ask: 'show info typed', mask: maskInfo },
      { ask: 'show info desc', mask: maskInfo },
      { ask: 'show info typed desc', mask: maskInfo },
      { ask: 'show info desc typed json', mask: (answer) => maskInfo(answer.replaceAll('},{', '},\n{')) },
      { ask: 'show info json typed', mask: maskInfo },
      { ask: 'show info float', mask: maskInfo },
      { ask: 'show info gibberish', mask: maskInfo },
    ],
  },
]

/** Commands that came after HAProxy 2.6. */
function withoutYounger(answer: string): string {
  return answer.replace(/^ {2}(?:un)?publish .*\n/gm, '')
}

function maskVersion(answer: string): string {
  return answer.replace(/\d+\.\d+\.\d+\S*/, 'x.y.z')
}

/** Names, kinds and what is said of them; values only of those that are the same for both programs. */
function maskInfo(answer: string): string {
  const same = /^(?:\d+\.)?(Nbproc|Process_num|Uptime|Maxconn|Hard_maxconn|CurrConns|Stopping|MaxSslConns|Maxpipes)\b/
  return answer
    .split('\n')
    .map((line) => {
      if (same.test(line)) return maskUptime(line)
      const [, name = line, , about = ''] = /^([^:]+(?::\w+:\w+)?:)(.*?)((?::"[^"]*")?)$/.exec(line) ?? []
      return line.startsWith('{') || line.startsWith('[')
        ? maskNumbers(line.replace(/"value":\{.*/, ''))
        : `${name} ~${about}`
    })
    .join('\n')
}

const maskUptime = (line: string): string => (line.includes('Uptime') ? maskNumbers(line) : line)
