/** What a schedule runs on, made by chance: a backend of servers with their names, agents and limits, and a frontend before it. */
import {
  type Algorithm,
  Backend,
  type BackendOptions,
  Frontend,
  first,
  HealthCheck,
  hash,
  leastConn,
  path,
  Resolvers,
  random,
  roundRobin,
  Server,
  type ServerOptions,
  setPriorityClass,
  setPriorityOffset,
  source,
  src,
  staticRoundRobin,
  uri,
} from '../../../lib/index.js'
import type { Dice } from './dice.js'
import { CHECK_PATH } from './machine.js'

/** Bytes of a body that are kept for another try, where that is less than a body may have. */
export const SMALL_BUFFER = 1000

const MINUTE = 60_000

export class World {
  readonly mode: 'http' | 'tcp'
  readonly backend: Backend
  /** Where the agents of its servers are asked; nobody is sent there. */
  readonly agents: Backend
  readonly frontend: Frontend
  readonly retryOn: readonly string[]
  readonly replayed: number
  /** Names of the servers that have an agent. */
  readonly withAgent = new Set<string>()
  readonly #dice: Dice
  readonly #resolvers = new Resolvers('dns', {
    nameservers: [{ name: 'ns', address: '198.51.100.53' }],
    timeouts: { resolve: 60_000, retry: 1000 },
    hold: { nx: 90_000, refused: 90_000, other: 90_000, timeout: 90_000, obsolete: 0 },
  })
  #made = 0

  constructor(dice: Dice) {
    this.#dice = dice
    this.mode = dice.often(0.2) ? 'tcp' : 'http'
    const servers: Server[] = []
    for (let count = dice.between(2, 6); count > 0; count--) servers.push(this.newServer(servers))
    this.retryOn = this.#causes()
    this.replayed = dice.often(0.3) ? SMALL_BUFFER : Number.POSITIVE_INFINITY
    this.backend = new Backend('be', { servers, ...this.#options() })
    const agents = Array.from({ length: 20 }, (_, index) => new Server(`agent${index + 1}`, `10.1.0.${index + 1}:9000`))
    this.agents = new Backend('agents', { servers: agents })
    this.frontend = new Frontend('edge', {
      bind: '192.0.2.1:80',
      mode: this.mode,
      defaultBackend: this.backend,
      timeouts: { client: '15s', httpRequest: '5s', httpKeepAlive: '3s' },
      ...(dice.often(0.2) ? { maxConnections: dice.between(3, 20) } : {}),
    })
  }

  #causes(): readonly string[] {
    if (this.mode === 'tcp') return ['connFailure']
    return this.#dice.of([
      ['connFailure'],
      ['connFailure', 'emptyResponse', 'responseTimeout'],
      ['connFailure', 'emptyResponse', 'responseTimeout', '503'],
      ['allRetryableErrors'],
    ])
  }

  /** One more server, of a name and an address that no other has had. */
  newServer(others: readonly Server[]): Server {
    const dice = this.#dice
    const number = ++this.#made
    const named = dice.often(0.25)
    const tracked = others.length > 0 && dice.often(0.15) ? dice.of(others) : undefined
    const agent = tracked === undefined && dice.often(0.25)
    if (agent) this.withAgent.add(`s${number}`)
    const options: ServerOptions = {
      weight: dice.between(1, 10),
      backup: number > 2 && dice.often(0.15),
      ...this.#limits(),
      ...(dice.often(0.3) ? { slowStart: dice.between(10, 600) * 1000 } : {}),
      ...(tracked === undefined ? this.#observing() : { track: tracked }),
      ...(agent ? { agent: { port: 9000, address: `10.1.0.${number}`, interval: dice.between(30, 300) * 1000 } } : {}),
      ...(named ? { resolvers: this.#resolvers, initialAddress: [dice.of(['none', `10.0.0.${number}`])] } : {}),
      ...(dice.often(0.2) ? { onMarkedDown: 'shutdownSessions' } : {}),
      ...(dice.often(0.1) ? { onMarkedUp: 'shutdownBackupSessions' } : {}),
    }
    return new Server(`s${number}`, named ? `s${number}.test:80` : `10.0.0.${number}:80`, options)
  }

  #limits(): ServerOptions {
    const dice = this.#dice
    if (dice.often(0.5)) return {}
    return {
      maxConnections: dice.between(1, 5),
      ...(dice.often(0.4) ? { minConnections: 1 } : {}),
      ...(dice.often(0.3) ? { maxQueue: dice.between(1, 5) } : {}),
    }
  }

  #observing(): ServerOptions {
    const dice = this.#dice
    if (dice.often(0.7)) return {}
    return {
      observe: this.mode === 'tcp' ? 'layer4' : dice.of(['layer4', 'layer7'] as const),
      errorLimit: dice.between(1, 10),
      onError: dice.of(['fastInterval', 'failCheck', 'suddenDeath', 'markDown'] as const),
    }
  }

  #algorithm(): Algorithm {
    const free = [roundRobin(), staticRoundRobin(), leastConn(), first(), random()]
    const keyed = [source(), source({ method: 'consistent' }), hash(src, { method: 'consistent', balanceFactor: 150 })]
    const ofHttp = this.mode === 'http' ? [uri(), uri({ method: 'consistent' })] : []
    return this.#dice.of([...free, ...free, ...keyed, ...ofHttp])
  }

  #options(): BackendOptions {
    const dice = this.#dice
    const options: BackendOptions = {
      mode: this.mode,
      balance: this.#algorithm(),
      check: this.#check(),
      retries: dice.between(0, 6),
      redispatch: dice.of([true, false, 1, 1, 2]),
      fullConnections: dice.between(2, 20),
      ...(dice.often(0.2) ? { backoff: { first: '100ms' } } : {}),
      ...(dice.often(0.2) ? { panicThreshold: dice.between(10, 60) } : {}),
      ...(dice.often(0.15) ? { outliers: { errorRate: 50, least: 3, maxEjected: 50 } } : {}),
      ...(dice.often(0.2) ? { allBackups: true } : {}),
      timeouts: { connect: '2s', server: '10s', queue: dice.of(['1s', '5s', '30s']), tunnel: '100h' },
    }
    if (this.mode === 'tcp') return { ...options, timeouts: { ...options.timeouts, tunnel: '10s' } }
    return {
      ...options,
      retryOn: this.retryOn.map((cause) => (cause === '503' ? 503 : cause)) as NonNullable<BackendOptions['retryOn']>,
      ...(this.replayed === SMALL_BUFFER ? { replayBuffer: SMALL_BUFFER } : {}),
      ...(dice.often(0.1) ? { preferLastServer: true } : {}),
      ...(dice.often(0.2) ? { lastAnswer: true } : {}),
      reuse: dice.of(['never', 'safe', 'aggressive', 'always']),
      httpRequest: [
        setPriorityClass(-5).if(path.startsWith('/1')),
        setPriorityClass(5).if(path.startsWith('/2')),
        setPriorityOffset(3000).if(path.startsWith('/3')),
      ],
    }
  }

  #check(): HealthCheck {
    const dice = this.#dice
    return HealthCheck.http({
      path: CHECK_PATH,
      interval: dice.between(20, 300) * 1000,
      fastInterval: dice.between(5, 30) * 1000,
      rise: dice.between(1, 3),
      fall: dice.between(1, 3),
      timeout: '3s',
    })
  }

  /** The longest that everything takes to be found well: the slowest checks, and a slow start. */
  static readonly RECOVERY = 45 * MINUTE
}
