/** The keywords of `global` that describe the process: who it runs as, how it is limited, what it is called. */
import { networkInterfaces } from 'node:os'
import type { Line, ProcessKeyword } from '../keyword.js'
import { readLog } from '../log-line.js'
import type { ProcessDraft, ProcessSettings } from '../process-draft.js'
import { type Range, readInteger, readMode, readTime, readWord } from '../values.js'

type Key<T> = { [K in keyof ProcessSettings]-?: T extends ProcessSettings[K] ? K : never }[keyof ProcessSettings]

/** Sets what was said, and says so when it had been said before. */
function set<K extends keyof ProcessSettings>(
  line: Line,
  draft: ProcessDraft,
  key: K,
  value: ProcessSettings[K],
): void {
  if (draft.settings[key] !== undefined && draft.settings[key] !== value && key !== 'daemon') {
    line.warning(`'${line.keyword}' already specified.`, 'the last one counts: remove the other')
  }
  draft.settings[key] = value
}

const word = (name: string, key: Key<string>): ProcessKeyword => ({
  name,
  parse: (line, draft) => {
    const value = readWord(line, line.args[0], `'${name}'`)
    if (value !== undefined && line.atMost(1)) set(line, draft, key, value)
  },
})

const number = (name: string, key: Key<number>, range: Range = { min: 0 }): ProcessKeyword => ({
  name,
  parse: (line, draft) => {
    const value = readInteger(line, line.args[0], `'${name}'`, range)
    if (value !== undefined && line.atMost(1)) set(line, draft, key, value)
  },
})

const time = (name: string, key: Key<number>, unit = 'ms'): ProcessKeyword => ({
  name,
  parse: (line, draft) => {
    const value = readTime(line, line.args[0], `'${name}'`, unit)
    if (value !== undefined && line.atMost(1)) set(line, draft, key, value)
  },
})

const flag = (name: string, key: Key<boolean>, negatable = false): ProcessKeyword => ({
  name,
  negatable,
  parse: (line, draft) => {
    if (line.atMost(0)) draft.settings[key] = line.prefix !== 'no'
  },
})

/** A user or a group by number: HAProxy only warns when it is a name, and then uses root's number. That is refused here. */
const identity = (name: string, key: Key<number>, byName: string): ProcessKeyword => ({
  name,
  parse: (line, draft) => {
    const value = line.first
    if (!/^\d+$/.test(value)) line.alert(`'${name}': string '${value}' is not a number.`, `use '${byName}' for a name`)
    else if (line.atMost(1)) set(line, draft, key, Number(value))
  },
})

const description: ProcessKeyword = {
  name: 'description',
  parse: (line, draft) => {
    if (line.args.length === 0) line.alert("'description' expects a string argument.")
    else draft.settings.description = line.args.join(' ')
  },
}

/** What `auto` comes to: IPv6 where the machine has an address of it that others can reach. */
function familiesOfHost(): readonly (4 | 6)[] {
  const addresses = Object.values(networkInterfaces()).flatMap((own) => own ?? [])
  return addresses.some(
    ({ family, internal, address }) => family === 'IPv6' && !internal && !/^fe[89ab]/i.test(address),
  )
    ? [4, 6]
    : [4]
}

const acceptFamily: ProcessKeyword = {
  name: 'dns-accept-family',
  parse: (line, draft) => {
    const families = new Set<4 | 6>()
    for (const word of line.first.split(',')) {
      if (word === 'ipv4') families.add(4)
      else if (word === 'ipv6') families.add(6)
      else if (word === 'auto') for (const family of familiesOfHost()) families.add(family)
      else {
        line.alert(`'dns-accept-family' expects 'ipv4', 'ipv6' or 'auto', but got '${word}'.`)
        return
      }
    }
    if (line.atMost(1)) draft.settings.families = [...families]
  },
}

const node: ProcessKeyword = {
  name: 'node',
  parse: (line, draft) => {
    if (!line.atMost(1)) return
    if (/^[A-Za-z0-9_.-]+$/.test(line.first)) draft.settings.node = line.first
    else line.alert("'node' requires valid node name", "write letters, digits, '.', '-' and '_' only")
  },
}

const log: ProcessKeyword = {
  name: 'log',
  negatable: true,
  parse: (line, draft) => {
    if (line.prefix === 'no') draft.logs.length = 0
    else if (line.first === 'global')
      line.alert("log : 'global' is not supported for a global syslog server", 'write the address and the facility')
    else {
      const target = readLog(line)
      if (target !== undefined) draft.logs.push(target)
    }
  },
}

const logSendHostname: ProcessKeyword = {
  name: 'log-send-hostname',
  parse: (line, draft) => {
    if (line.atMost(1)) draft.settings.logSendHostname = line.first
  },
}

/** Processes of old, threads of today: both ask for more cores than one. */
const threads = (name: string): ProcessKeyword => ({
  name,
  parse: (line, draft) => {
    const value = readInteger(line, line.args[0], `'${name}'`, { min: 1, max: 64 })
    if (value === undefined || !line.atMost(1)) return
    draft.settings.threads = value
    const gone = name === 'nbproc' ? 'nbproc is not supported any more since HAProxy 2.5. ' : ''
    if (name === 'nbproc' || value > 1) {
      line.warning(
        `${gone}This process serves all connections on one thread.`,
        name === 'nbproc' ? "remove it, or use 'nbthread'" : 'remove it',
      )
    }
  },
})

const chroot: ProcessKeyword = {
  name: 'chroot',
  parse: (line, draft) => {
    if (readWord(line, line.args[0], "'chroot'") === undefined || !line.atMost(1)) return
    draft.settings.chroot = line.first
    line.warning(
      `'chroot ${line.first}' is not done: Node cannot change its root directory.`,
      "remove it, or confine the process from outside (systemd's RootDirectory=, a container)",
    )
  },
}

const privilegedPorts: ProcessKeyword = {
  name: 'harden.reject-privileged-ports.tcp',
  parse: (line, draft) => {
    if (line.first !== 'on' && line.first !== 'off') line.alert(`'${line.keyword}' expects 'on' or 'off'.`)
    else if (line.atMost(1)) draft.settings.rejectPrivilegedPorts = line.first === 'on'
  },
}

const defaultPath: ProcessKeyword = {
  name: 'default-path',
  parse: (line, draft) => {
    const [base, origin] = line.args
    if (base === 'origin') {
      if (readWord(line, origin, "'default-path origin'") !== undefined && line.atMost(2))
        draft.defaultPath = { base, origin: origin ?? '' }
    } else if (base === 'current' || base === 'config' || base === 'parent') {
      if (line.atMost(1)) draft.defaultPath = { base }
    } else
      line.alert(
        `unsupported default-path mode '${base ?? ''}'`,
        "write 'current', 'config', 'parent' or 'origin <path>'",
      )
  },
}

const unixBind: ProcessKeyword = {
  name: 'unix-bind',
  parse: (line, draft) => {
    const words = [...line.args]
    while (words.length > 0) {
      const [option = '', value] = words.splice(0, 2)
      const before = draft.settings.unixBind
      if (option === 'prefix' || option === 'user' || option === 'group')
        draft.settings.unixBind = { ...before, [option]: value ?? '' }
      else if (option === 'mode') {
        const mode = readMode(line, value)
        if (mode !== undefined) draft.settings.unixBind = { ...before, mode }
      } else if (option === 'uid' || option === 'gid') {
        const id = readInteger(line, value, `'${option}'`, { min: 0 })
        if (id !== undefined) draft.settings.unixBind = { ...before, [option]: id }
      } else
        return line.alert(
          "'unix-bind' only supports the 'prefix', 'mode', 'uid', 'gid', 'user' and 'group' parameters.",
        )
    }
  },
}

/** `external-check [preserve-env]`. */
const externalCheck: ProcessKeyword = {
  name: 'external-check',
  parse: (line, { settings }) => {
    const { first } = line
    if (!line.atMost(1)) return
    if (first === '' || first === 'preserve-env') settings.externalCheck = first === '' ? 'yes' : 'preserve-env'
    else line.alert(`'external-check' only supports 'preserve-env' as an argument, found '${first}'.`)
  },
}

export const globalKeywords: readonly ProcessKeyword[] = [
  word('user', 'user'),
  word('group', 'group'),
  identity('uid', 'uid', 'user'),
  identity('gid', 'gid', 'group'),
  chroot,
  flag('daemon', 'daemon'),
  word('pidfile', 'pidfile'),
  number('maxconn', 'maxConnections'),
  number('maxconnrate', 'maxConnectionRate'),
  number('maxsessrate', 'maxSessionRate'),
  number('spread-checks', 'spreadChecks', { min: 0, max: 50 }),
  time('max-spread-checks', 'maxSpreadChecks'),
  threads('nbthread'),
  threads('nbproc'),
  node,
  acceptFamily,
  description,
  {
    name: 'localpeer',
    parse: (line, draft) => {
      const name = readWord(line, line.args[0], "'localpeer'")
      if (name === undefined || !line.atMost(1)) return
      if (draft.localPeer !== undefined)
        line.warning("'localpeer' ignored since it is already set by using the '-L' command line argument.")
      else if (draft.peersSeen === true)
        line.warning(
          "'localpeer' ignored since it is used after 'peers' section.",
          "write it before the 'peers' sections",
        )
      else {
        set(line, draft, 'localPeer', name)
        line.loading.environment.set('HAPROXY_LOCALPEER', name)
      }
    },
  },
  time('hard-stop-after', 'hardStopAfter'),
  time('grace', 'grace'),
  {
    name: 'close-spread-time',
    parse: (line, draft) => {
      const [word] = line.args
      const value = word === 'infinite' ? Number.POSITIVE_INFINITY : readTime(line, word, "'close-spread-time'")
      if (value !== undefined && line.atMost(1)) set(line, draft, 'closeSpread', value)
    },
  },
  flag('quiet', 'quiet'),
  flag('expose-experimental-directives', 'experimental'),
  flag('zero-warning', 'zeroWarning'),
  externalCheck,
  log,
  word('log-tag', 'logTag'),
  logSendHostname,
  privilegedPorts,
  defaultPath,
  unixBind,
]
