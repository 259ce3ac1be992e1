/** Directives that HAProxy once had: since when they are gone, and what to write instead. */

/** A directive that is gone. */
export interface Removed {
  readonly since: string
  readonly advice: string
  /** HAProxy (or we) go on without it, with a warning. */
  readonly harmless?: boolean
}

const gone = (since: string, advice: string): Removed => ({ since, advice })
const harmless = (since: string, advice: string): Removed => ({ since, advice, harmless: true })

const uriRules = "use 'http-request replace-path', 'http-request replace-uri' or 'http-request replace-header'"
const responseRules = "use 'http-response replace-header', 'http-response set-header' or 'http-response del-header'"

const requestRewriting = ['reqrep', 'reqirep'].map((name) => [name, gone('2.1', uriRules)] as const)
const requestDeleting = ['reqdel', 'reqidel'].map(
  (name) => [name, gone('2.1', "use 'http-request del-header'")] as const,
)
const requestDenying = ['reqdeny', 'reqideny'].map((name) => [name, gone('2.1', "use 'http-request deny'")] as const)
const requestAllowing = ['reqallow', 'reqiallow', 'reqpass', 'reqipass'].map(
  (name) => [name, gone('2.1', "use 'http-request allow' or 'http-request set-header'")] as const,
)
const requestTarpitting = ['reqtarpit', 'reqitarpit'].map(
  (name) => [name, gone('2.1', "use 'http-request tarpit'")] as const,
)
const responseRewriting = ['rsprep', 'rspirep', 'rspdel', 'rspidel'].map(
  (name) => [name, gone('2.1', responseRules)] as const,
)
const responseDenying = ['rspdeny', 'rspideny'].map((name) => [name, gone('2.1', "use 'http-response deny'")] as const)

/** Of the proxy sections; by one word or by two. */
export const removedProxy: ReadonlyMap<string, Removed> = new Map([
  ...requestRewriting,
  ...requestDeleting,
  ...requestDenying,
  ...requestAllowing,
  ...requestTarpitting,
  ...responseRewriting,
  ...responseDenying,
  ['reqadd', gone('2.1', "use 'http-request add-header'")],
  ['rspadd', gone('2.1', "use 'http-response add-header'")],
  ['reqsetbe', gone('2.1', "use 'use_backend'")],
  ['reqisetbe', gone('2.1', "use 'use_backend'")],
  ['block', gone('2.1', "use 'http-request deny'")],
  ['contimeout', gone('2.1', "use 'timeout connect'")],
  ['clitimeout', gone('2.1', "use 'timeout client'")],
  ['srvtimeout', gone('2.1', "use 'timeout server'")],
  ['timeout contimeout', gone('2.1', "use 'timeout connect'")],
  ['timeout clitimeout', gone('2.1', "use 'timeout client'")],
  ['timeout srvtimeout', gone('2.1', "use 'timeout server'")],
  ['redisp', gone('2.1', "use 'option redispatch'")],
  ['redispatch', gone('2.1', "use 'option redispatch'")],
  ['appsession', gone('1.6', "use 'stick-table' and 'stick on', or 'cookie'")],
  [
    'monitor-net',
    gone('2.4', "use 'http-request return status 200 content-type text/plain lf-string OK if { src <network> }'"),
  ],
  ['option forceclose', gone('2.0', "remove it, or use 'option httpclose' if closing is really wanted")],
  ['option http_proxy', gone('2.5', "use 'http-request do-resolve' and 'http-request set-dst'")],
  ['option http-tunnel', gone('2.1', "remove it, or switch the section to 'mode tcp'")],
  ['dispatch', gone('3.5', "use 'server <name> <address>'")],
  ['transparent', gone('3.5', "use 'server <name> 0.0.0.0:0'")],
  ['option transparent', gone('3.5', "use 'server <name> 0.0.0.0:0'")],
  ['grace', gone('2.5', "use 'hard-stop-after' in 'global'")],
  ['bind-process', harmless('2.7', 'remove it: one process serves all listeners')],
])

/** Of the `global` section. */
export const removedGlobal: ReadonlyMap<string, Removed> = new Map([
  ['debug', gone('2.1', "use the command line option '-d'")],
  ['nosepoll', gone('1.9', 'remove it')],
  ['tune.chksize', gone('2.4', "use 'tune.bufsize', which counts for checks, too")],
])
