/** `fairlead/testing`: test doubles for whoever tests rules, routes and whole balancers without a socket and without waiting. */

export { type Injected, type InjectInit, InMemory, type InMemoryOptions, inMemory } from './in-memory.js'
export { MemoryClient } from './memory-client.js'
export { MemoryNames, type NameAnswer, type ServicePlace } from './memory-names.js'
export { MemorySocket } from './memory-socket.js'
export { MemoryStore, type MemoryStoreOptions, memoryStore } from './memory-store.js'
export type { Origins } from './origins.js'
export {
  type Answer,
  type Handler,
  type HandlerInput,
  hang,
  type Misbehaviour,
  type Origin,
  type RawReply,
  type ReceivedRequest,
  type Reply,
  raw,
  refuse,
  reply,
  reset,
  type TcpOrigin,
  tcp,
  unreachable,
} from './reply.js'
export { type ConnectionInit, connection, type RequestInit, request, type TcpInit } from './request.js'
export { type Settle, TEST_DATE, TEST_START, TestClock } from './test-clock.js'
export { TestRandom } from './test-random.js'
