/** One check of one server: asks what the check says, and judges the answer. When to ask, and what results add up to, is not known here. */
import type { Backend } from '../proxy/backend.js'
import type { CheckResult } from '../proxy/check-result.js'
import { CustomCheck } from '../proxy/checks/custom-check.js'
import { ExternalCheck } from '../proxy/checks/external-check.js'
import type { HealthCheck } from '../proxy/health-check.js'
import type { Server } from '../proxy/server.js'
import type { Engine } from './engine.js'
import type { Target } from './network.js'
import { CustomProbe } from './probe-custom.js'
import { ExternalProbe } from './probe-external.js'
import { SequenceProbe } from './probe-sequence.js'

/** Who is checked, how, and for how long. */
export interface ProbeParts {
  readonly backend: Backend
  readonly server: Server
  readonly check: HealthCheck
  /** Where the server's checks go. */
  readonly target: Target
  /** Milliseconds: to connect, and from then on to answer; without the latter, both share the former. */
  readonly patience: { readonly connect: number; readonly answer: number | undefined }
}

/** What all ways of asking have in common. */
export interface Inquirer {
  start(): void
  /** Lets go of everything, and tells nothing any more. */
  cancel(): void
}

/** Told once. */
export type ProbeDone = (result: CheckResult) => void

/** One question to one server. */
export class Probe implements Inquirer {
  readonly #inquirer: Inquirer

  constructor(engine: Engine, parts: ProbeParts, done: ProbeDone) {
    const { plan } = parts.check
    if (plan instanceof CustomCheck) this.#inquirer = new CustomProbe(engine, parts, plan, done)
    else if (plan instanceof ExternalCheck) this.#inquirer = new ExternalProbe(engine, parts, plan, done)
    else this.#inquirer = new SequenceProbe(engine, parts, plan, done)
  }

  start(): void {
    this.#inquirer.start()
  }

  cancel(): void {
    this.#inquirer.cancel()
  }
}
