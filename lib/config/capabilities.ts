/** What this build says that it can do, where a configuration (or `-vv`) asks. */
import { getFips } from 'node:crypto'

/** The answers to `version_…()`, `feature()`, `enabled()` and `…ssl…()`. */
export interface Capabilities {
  /** The version of HAProxy whose language we speak. */
  readonly version: string
  /** Every feature that HAProxy's list can name, and whether we have it. */
  readonly features: ReadonlyMap<string, boolean>
  /** Facilities that are in use in this process. */
  readonly enabled: ReadonlySet<string>
  readonly tlsLibrary: string
  readonly tlsLibraryVersion: string
  readonly fips: boolean
}

/** The names of HAProxy's own list (`haproxy -vv`), 2.6 to 3.5. */
const featureNames =
  '51DEGREES ACCEPT4 BACKTRACE CLOSEFROM CPU_AFFINITY CRYPT_H DEVICEATLAS DL ECH ENGINE EPOLL EVPORTS FIPS GETADDRINFO ' +
  'HAVE_TCP_MD5SIG KQUEUE KTLS LIBATOMIC LIBCRYPT LINUX_CAP LINUX_SPLICE LINUX_TPROXY LUA MATH MEMORY_PROFILING NETFILTER NS ' +
  'OBSOLETE_LINKER OPENSSL OPENSSL_AWSLC OPENSSL_WOLFSSL OT PCRE PCRE2 PCRE2_JIT PCRE_JIT POLL PRCTL PROCCTL PROMEX ' +
  'PTHREAD_EMULATION QUIC QUIC_OPENSSL_COMPAT RT SHM_OPEN SLZ SSL STATIC_PCRE STATIC_PCRE2 SYSTEMD TFO THREAD THREAD_DUMP ' +
  'TPROXY TRACE WURFL ZLIB'

/** How Node waits for sockets, by platform (libuv). */
const pollers: Readonly<Record<string, string>> = {
  linux: 'EPOLL',
  android: 'EPOLL',
  darwin: 'KQUEUE',
  freebsd: 'KQUEUE',
  openbsd: 'KQUEUE',
  sunos: 'EVPORTS',
}

/** What this process can do. A feature is listed only once its keywords work. */
export function capabilities(): Capabilities {
  const poller = pollers[process.platform]
  const have = new Set(['GETADDRINFO', 'POLL', ...(poller === undefined ? [] : [poller])])
  return {
    version: '3.5.0',
    features: new Map(featureNames.split(' ').map((name) => [name, have.has(name)])),
    enabled: have,
    tlsLibrary: 'OpenSSL',
    tlsLibraryVersion: process.versions.openssl ?? '',
    fips: getFips() === 1,
  }
}
