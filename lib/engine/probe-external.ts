/** A check that is a program. */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Timer } from '../base/clock.js'
import type { ExternalCheck } from '../proxy/checks/external-check.js'
import type { CheckStatus } from '../proxy/checks/status.js'
import { passes } from '../proxy/checks/status.js'
import { placeOfServer } from '../proxy/server-place.js'
import type { Engine } from './engine.js'
import type { Inquirer, ProbeDone, ProbeParts } from './probe.js'

/** An argument that means nothing. */
const NOTHING = 'NOT_USED'
/** What HAProxy gives for an exit status where the program could not be started, and where a signal ended it. */
const NOT_STARTED = 255
const KILLED = -1

/** One run. */
export class ExternalProbe implements Inquirer {
  readonly #engine: Engine
  readonly #parts: ProbeParts
  readonly #check: ExternalCheck
  #done: ProbeDone | undefined
  #timer: Timer | undefined
  #child: ChildProcess | undefined

  constructor(engine: Engine, parts: ProbeParts, check: ExternalCheck, done: ProbeDone) {
    this.#engine = engine
    this.#parts = parts
    this.#check = check
    this.#done = done
  }

  start(): void {
    const { command } = this.#check
    const { address, port } = placeOfServer(this.#parts.server)
    const proxy = this.#check.proxy
    this.#timer = this.#engine.clock.after(this.#parts.patience.connect, () => this.#say('PROCTOUT', 0))
    const given = [proxy?.address, proxy?.port, address, port].map((word) => String(word || NOTHING))
    this.#child = spawn(command, given, { env: this.#environment(address, port), stdio: 'ignore' })
    this.#child.once('error', () => this.#say('PROCERR', NOT_STARTED))
    this.#child.once('exit', (code) => this.#say(code === 0 ? 'PROCOK' : 'PROCERR', code ?? KILLED))
  }

  cancel(): void {
    this.#done = undefined
    this.#timer?.cancel()
    this.#child?.kill('SIGKILL')
    this.#child = undefined
  }

  /** Manual, `external-check command`. */
  #environment(address: string, port: string): NodeJS.ProcessEnv {
    const { backend, server } = this.#parts
    const { proxy, path, preserveEnvironment } = this.#check
    const { maxConnections } = server
    return {
      ...(preserveEnvironment ? process.env : {}),
      ...(path === '' ? {} : { PATH: path }),
      HAPROXY_PROXY_ADDR: proxy?.address ?? '',
      HAPROXY_PROXY_ID: String(backend.id),
      HAPROXY_PROXY_NAME: backend.name,
      HAPROXY_PROXY_PORT: String(proxy?.port ?? ''),
      HAPROXY_SERVER_ADDR: address,
      HAPROXY_SERVER_CURCONN: String(server.counters.current),
      HAPROXY_SERVER_ID: String(server.id),
      HAPROXY_SERVER_MAXCONN: String(Number.isFinite(maxConnections) ? maxConnections : 0),
      HAPROXY_SERVER_NAME: server.name,
      HAPROXY_SERVER_PORT: port,
      HAPROXY_SERVER_PROTO: 'tcp',
      HAPROXY_SERVER_SSL: '0',
    }
  }

  #say(status: CheckStatus, code: number): void {
    const done = this.#done
    if (done === undefined) return
    this.cancel()
    done({ passed: passes(status), status, code, description: '' })
  }
}
