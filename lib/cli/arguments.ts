/** The words of the command line → what they ask for, by HAProxy's own rules. Manual (management), chapter 3. Nothing is done here. */

/** What the command is to do. */
export interface CommandLine {
  /** Configuration files and folders, in order. */
  readonly files: string[]
  /** `-c`: check and exit. */
  check: boolean
  /** `-cc`: a condition to evaluate. */
  condition: string | undefined
  /** `-v`, `-vv`: say the version and exit. */
  version: 'short' | 'long' | undefined
  /** `-q`; `-V` takes it back for good. */
  quiet: boolean
  verbose: boolean
  /** `-d`: stay in front, and show what happens. */
  debug: boolean
  /** `-db`: stay in front. */
  foreground: boolean
  /** `-D`. */
  daemon: boolean
  /** `-W` (`plain`) or `-Ws` (`notify`): one process that watches others. */
  masterWorker: 'plain' | 'notify' | undefined
  /** `-S`. */
  masterSocket: string | undefined
  /** `-p`. */
  pidFile: string | undefined
  /** `-n` and `-N`: connections of the process, and of each proxy. */
  maxConnections: number | undefined
  proxyMaxConnections: number | undefined
  /** `-m`, in megabytes. */
  memory: number | undefined
  /** `-C`. */
  directory: string | undefined
  /** `-L`. */
  localPeer: string | undefined
  /** `-x`: a socket to take listeners over from. */
  takeOver: string | undefined
  /** `-sf` and `-st`: processes to signal once this one has started. */
  readonly finish: number[]
  readonly terminate: number[]
  /** `-dr`: servers whose names cannot be resolved are no fault. */
  ignoreUnresolved: boolean
  /** `-dW`: a warning is a fault. */
  zeroWarning: boolean
  /** `-dV`: servers' certificates are not verified. */
  noServerVerify: boolean
  /** `--re2`: regular expressions take linear time, by the package of that name. */
  linearRegex: boolean
  /** `-dD`: warn of what is suspicious, too. */
  diagnostic: boolean
  /** What was accepted and is not done, as the messages to tell. */
  readonly remarks: string[]
}

/** The command line cannot be used: show the usage, behind a message if there is one. Either way the exit status is 1. */
export interface ArgumentFault {
  readonly message: string | undefined
  readonly usage: boolean
}

const nothing = (): CommandLine => ({
  files: [],
  check: false,
  condition: undefined,
  version: undefined,
  quiet: false,
  verbose: false,
  debug: false,
  foreground: false,
  daemon: false,
  masterWorker: undefined,
  masterSocket: undefined,
  pidFile: undefined,
  maxConnections: undefined,
  proxyMaxConnections: undefined,
  memory: undefined,
  directory: undefined,
  localPeer: undefined,
  takeOver: undefined,
  finish: [],
  terminate: [],
  ignoreUnresolved: false,
  zeroWarning: false,
  noServerVerify: false,
  linearRegex: false,
  diagnostic: false,
  remarks: [],
})

const misused = (): ArgumentFault => ({ message: undefined, usage: true })

/** Options that take the next word, whatever it is, as their value. */
const valued = new Set(['C', 'n', 'm', 'N', 'L', 'f', 'p', 'S'])

/**
 * `-d…`: what concerns pollers, memory pools and system calls that this program does not have is accepted, because it changes nothing that
 * one could see. What would show something is told of when it shows nothing here.
 */
const debugging: Readonly<Record<string, (line: CommandLine, word: string) => void>> = {
  b: (line) => {
    line.foreground = true
  },
  r: (line) => {
    line.ignoreUnresolved = true
  },
  V: (line) => {
    line.noServerVerify = true
  },
  W: (line) => {
    line.zeroWarning = true
  },
  D: (line) => {
    line.diagnostic = true
  },
  C: unsupported,
  K: unsupported,
  L: unsupported,
  t: unsupported,
}
const withoutCounterpart = 'AFGIMRSZacehkpsv'

function unsupported(line: CommandLine, word: string): void {
  line.remarks.push(`'${word}' is not supported yet: it shows nothing.`)
}

function readDebugging(line: CommandLine, word: string): void {
  const kind = word[2] ?? ''
  const act = debugging[kind]
  if (act !== undefined) act(line, word)
  else if (kind === '' || !withoutCounterpart.includes(kind)) line.debug = true
}

/** The digits that a number begins with, as C reads it; anything else is 0, which stands for "not given". */
function readNumber(line: CommandLine, option: string, text: string): number | undefined {
  const value = Number.parseInt(text, 10)
  if (value > 0) return value
  line.remarks.push(`'-${option} ${text}' is not a number above 0: it is ignored.`)
  return undefined
}

function readValue(line: CommandLine, option: string, value: string): void {
  switch (option) {
    case 'C':
      line.directory = value
      break
    case 'n':
      line.maxConnections = readNumber(line, option, value)
      break
    case 'N':
      line.proxyMaxConnections = readNumber(line, option, value)
      break
    case 'm':
      line.memory = readNumber(line, option, value)
      break
    case 'L':
      line.localPeer = value
      break
    case 'p':
      line.pidFile = value
      break
    case 'S':
      line.masterSocket = value
      break
    default:
      line.files.push(value)
  }
}

/** What has no value; `false` when there is no such option. */
function readFlag(line: CommandLine, word: string): boolean {
  switch (word[1]) {
    case 'c':
      line.check = true
      return true
    case 'v':
      line.version = word[2] === 'v' ? 'long' : 'short'
      return true
    case 'V':
      line.verbose = true
      return true
    case 'q':
      line.quiet = true
      return true
    case 'D':
      line.daemon = true
      return true
    case 'W':
      line.masterWorker = word[2] === 's' ? 'notify' : 'plain'
      return true
    case 'd':
      readDebugging(line, word)
      return true
    default:
      return false
  }
}

/** The process ids behind `-sf` or `-st`: they end at the next option. */
function readPids(words: string[], option: string, into: number[]): ArgumentFault | undefined {
  while (words[0] !== undefined && !words[0].startsWith('-')) {
    const word = words.shift() as string
    const pid = Number(word)
    if (!/^\d+$/.test(word) || pid < 1 || pid > 2 ** 31 - 1)
      return { message: `-${option} option: some bytes unconsumed in PID list {${word}}`, usage: false }
    into.push(pid)
  }
  return undefined
}

function readOption(line: CommandLine, word: string, words: string[]): ArgumentFault | undefined {
  const option = word[1] ?? ''
  if (option === 's' && (word[2] === 'f' || word[2] === 't'))
    return readPids(words, word.slice(1, 3), word[2] === 'f' ? line.finish : line.terminate)
  if (word.startsWith('-cc')) {
    line.condition = words.shift()
    return line.condition === undefined ? misused() : undefined
  }
  if (option === 'x') {
    line.takeOver = words.shift()
    const usable = line.takeOver !== undefined && !line.takeOver.startsWith('-')
    return usable ? undefined : { message: 'Unix socket path expected with the -x flag', usage: true }
  }
  if (!valued.has(option)) return readFlag(line, word) ? undefined : misused()
  const value = words.shift()
  if (value === undefined) return { message: `'-${option}' expects an argument.`, usage: true }
  readValue(line, option, value)
  return undefined
}

/**
 * Reads the words behind the program's name. As in HAProxy an option is known by its first letters, and its value is the next word, not what is
 * glued to it. `-v` is answered as soon as it is met.
 */
export function readArguments(given: readonly string[]): CommandLine | ArgumentFault {
  const line = nothing()
  const words = [...given]
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--') {
      line.files.push(...words)
      break
    }
    if (!word.startsWith('-')) return misused()
    if (word === '--re2') {
      line.linearRegex = true
      continue
    }
    const fault = readOption(line, word, words)
    if (fault !== undefined) return fault
    if (line.version !== undefined) return line
  }
  return line.files.length === 0 && line.condition === undefined ? misused() : line
}
