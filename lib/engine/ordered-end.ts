/** How transactions end that somebody's order ends while they are under way, by how far they have come: manual, chapter 8.5, letters `K`, `D` and `U`. */
import { type Outcome, outcomes } from '../base/errors.js'
import type { Transaction } from './transaction.js'

/** Who wants an end: an operator (`K`), a server's being down (`D`), or a better one's being up (`U`). */
export type EndOrder = 'killed' | 'down' | 'up'

/** How a transaction ends that is ended where it stands. */
export function endedAt({ stage, exchange }: Transaction, order: EndOrder): Outcome {
  const ends = endings[order]
  if (exchange === undefined) return stage === 'data' || stage === 'request' ? ends.plain : ends.connect
  switch (stage) {
    case 'queue':
      return ends.queue
    case 'connect':
      return ends.connect
    case 'headers':
      return ends.headers
    case 'data':
      return ends.data
    default:
      return ends.plain
  }
}

const killed = {
  plain: outcomes.killedRequest,
  queue: outcomes.killedQueue,
  connect: outcomes.killedConnect,
  headers: outcomes.killedHeaders,
  data: outcomes.killed,
}

const down = {
  plain: outcomes.serverDownRequest,
  queue: outcomes.serverDownQueue,
  connect: outcomes.serverDownConnect,
  headers: outcomes.serverDownHeaders,
  data: outcomes.serverDown,
}

const up = {
  plain: outcomes.serverUpRequest,
  queue: outcomes.serverUpQueue,
  connect: outcomes.serverUpConnect,
  headers: outcomes.serverUpHeaders,
  data: outcomes.serverUp,
}

const endings = { killed, down, up }
