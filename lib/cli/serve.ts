/** From a loaded configuration to a process that serves, and to its end. */
import { setTimeout as pause } from 'node:timers/promises'
import { RuntimeApi } from '../admin/runtime-api.js'
import { Balancer } from '../balancer.js'
import { OptionError } from '../base/errors.js'
import { type Config, serverFromWords } from '../config/index.js'
import { Announcer } from './announcer.js'
import type { CommandLine } from './arguments.js'
import { listens } from './configuration.js'
import type { Background } from './daemon.js'
import { assume, checkLimits, findIdentity, writePidFile } from './process-settings.js'
import { type Report, writeTo } from './report.js'
import { restoreServerStates } from './server-states.js'
import { obey } from './signals.js'

/** Milliseconds between two attempts to get a port that a predecessor still holds, and how many there are. */
const RETRY_EVERY = 20
const RETRIES = 100
/** Milliseconds between two looks of a process that only stays. */
const LONG = 60_000

/** What serving needs to know. */
export interface Service {
  readonly line: CommandLine
  readonly config: Config
  readonly report: Report
  /** This process was put into the background. */
  readonly background: Background | undefined
}

/** Serves until a signal ends it. Resolves with the exit status. */
export async function serve(service: Service): Promise<number> {
  const { line, config, report, background } = service
  if (!listens(config)) {
    report.alert("[fairlead.main()] No enabled listener found (check for 'bind' directives) ! Exiting.")
    return 1
  }
  checkLimits(line.maxConnections ?? config.maxConnections, report)
  const identity = findIdentity(config.global, report)
  if (report.alerts > 0) return 1
  const balancer = makeBalancer(line, config)
  const announcer = new Announcer(config, report)
  announcer.follow(balancer, line.debug ? writeTo(1) : undefined)
  restoreServerStates(balancer, config, report)
  const runtime = makeRuntimeApi(balancer, config)
  const ended = endOf(balancer, announcer, runtime, service)
  if (!(await start(balancer, runtime, service))) {
    await runtime.close()
    return 1
  }
  const pidFile = line.pidFile ?? config.global.pidfile
  const named = background === undefined && line.masterWorker === undefined ? undefined : pidFile
  if ((named !== undefined && !writePidFile(named, report)) || !assume(identity, report)) {
    await runtime.close()
    await balancer.stop()
    return 1
  }
  signalPredecessors(line)
  report.started()
  if (background !== undefined) {
    background.started()
    report.quiet = true
  }
  return ended
}

/** As the configuration says; the command line's limit goes first. */
function makeBalancer({ maxConnections }: CommandLine, config: Config): Balancer {
  if (maxConnections === undefined) return new Balancer(config)
  return new Balancer(Object.create(config, { maxConnections: { value: maxConnections } }) as Config)
}

function makeRuntimeApi(balancer: Balancer, { global, listedPatterns }: Config): RuntimeApi {
  const { statsTimeout, statsMaxConnections } = global
  return new RuntimeApi(balancer, {
    patterns: listedPatterns,
    makeServer: serverFromWords,
    ...(statsTimeout === undefined ? {} : { timeout: statsTimeout }),
    ...(statsMaxConnections === undefined ? {} : { maxConnections: statsMaxConnections }),
  })
}

/** The runtime API answers where the configuration says; the paths of predecessors become ours. */
async function openSockets(runtime: RuntimeApi, { global }: Config, takeOver: boolean): Promise<void> {
  for (const socket of global.statsSockets) {
    try {
      await runtime.listen(socket, takeOver)
    } catch (error) {
      await runtime.close()
      const busy = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
      const reason = busy ? 'is in use by another program' : `cannot be had: ${(error as Error).message}`
      throw new OptionError('proxy GLOBAL', '', `'stats socket ${socket.address}' ${reason}`)
    }
  }
}

const isBusy = (error: unknown): boolean => error instanceof OptionError && error.message.includes(' is in use ')

/** Listens. A port that a predecessor holds is asked for: first with a pause (SIGTTOU), then by telling it to leave. */
async function start(balancer: Balancer, runtime: RuntimeApi, { line, config, report }: Service): Promise<boolean> {
  const predecessors = [...line.finish, ...line.terminate]
  for (let attempt = 0; ; attempt++) {
    try {
      // Whoever finds a port open finds the runtime API as well.
      await openSockets(runtime, config, predecessors.length > 0)
      await balancer.start({ succeeds: predecessors.length > 0 })
      return true
    } catch (error) {
      await runtime.close()
      if (predecessors.length === 0 || !isBusy(error) || attempt === RETRIES) {
        report.alert(error instanceof OptionError ? `Starting ${error.message}.` : String(error))
        report.alert('[fairlead.main()] Some protocols failed to start their listeners! Exiting.')
        for (const pid of predecessors) signal(pid, 'SIGTTIN')
        return false
      }
    }
    if (attempt === 0) for (const pid of predecessors) signal(pid, 'SIGTTOU')
    else if (attempt === 5) signalPredecessors(line)
    await pause(RETRY_EVERY)
  }
}

function signalPredecessors({ finish, terminate }: CommandLine): void {
  for (const pid of finish) signal(pid, 'SIGUSR1')
  for (const pid of terminate) signal(pid, 'SIGTERM')
}

/** A process that has gone already needs no signal. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {}
}

/** Takes the signals over; resolves with the exit status when one of them has ended the process's work. */
function endOf(
  balancer: Balancer,
  announcer: Announcer,
  runtime: RuntimeApi,
  { config, report }: Service,
): Promise<number> {
  return new Promise((resolve) => {
    let awake: NodeJS.Timeout | undefined
    const leave = (): void => {
      clearInterval(awake)
      void Promise.allSettled([announcer.close(), runtime.close()]).then(() => resolve(0))
    }
    const stop = (drain: boolean | number, handOver = false): void => {
      void runtime.close()
      balancer.stop({ drain, handOver, spread: config.global.closeSpread ?? 0 }).then(leave, (error: unknown) => {
        clearInterval(awake)
        report.alert(`[fairlead.main()] ${error}`)
        resolve(1)
      })
    }
    let finishing = false
    obey({
      stop: () => stop(false),
      finish: () => {
        if (finishing) return
        finishing = true
        // `grace`: time for load balancers in front of us to notice before we stop listening.
        setTimeout(() => {
          announcer.stopped(balancer)
          stop(config.global.hardStopAfter ?? true, true)
        }, config.global.grace ?? 0)
      },
      describe: () => announcer.describe(balancer),
      pause: () => {
        // Without anything that it listens at, Node would find that there is nothing left to do.
        awake ??= setInterval(() => {}, LONG)
        announcer.paused(balancer, 'Paused')
        balancer.pause().catch((error: unknown) => report.alert(`[fairlead.main()] ${error}`))
      },
      resume: () => {
        announcer.paused(balancer, 'Resumed')
        balancer.resume().then(
          () => {
            clearInterval(awake)
            awake = undefined
          },
          (error: unknown) => report.alert(`[fairlead.main()] ${error}`),
        )
      },
      reload: () => report.warning('SIGUSR2 received: reloading needs a new process, start it with -sf.'),
    })
  })
}
