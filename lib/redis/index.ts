/** `fairlead/redis`: limits over several nodes, through Redis or Valkey. */

export { RedisStore, type RedisStoreOptions, redisStore } from './redis-store.js'
