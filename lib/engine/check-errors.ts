/** What goes wrong with a connection, in the words of the C library, which HAProxy prints. */

const texts: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset by peer',
  ECONNABORTED: 'Software caused connection abort',
  EPIPE: 'Broken pipe',
  ETIMEDOUT: 'Connection timed out',
  EHOSTUNREACH: 'No route to host',
  EHOSTDOWN: 'Host is down',
  ENETUNREACH: 'Network is unreachable',
  ENETDOWN: 'Network is down',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  EADDRINUSE: 'Address already in use',
  EACCES: 'Permission denied',
  EPERM: 'Operation not permitted',
  ENOENT: 'No such file or directory',
  EINVAL: 'Invalid argument',
  EAFNOSUPPORT: 'Address family not supported by protocol',
  EMFILE: 'Too many open files',
  ENFILE: 'Too many open files in system',
  EAGAIN: 'Resource temporarily unavailable',
}

/** What is said of an error. */
export function errorText({ code, message }: NodeJS.ErrnoException): string {
  return code === undefined || !Object.hasOwn(texts, code) ? message : (texts[code] as string)
}

/** A connection that could not even be tried, as HAProxy tells it from one that was refused. */
const untried: ReadonlySet<string> = new Set([
  'ENOENT',
  'EACCES',
  'EPERM',
  'EINVAL',
  'EAFNOSUPPORT',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EADDRINUSE',
  'EMFILE',
  'ENFILE',
  'EAGAIN',
])

/** Whether the error came before anything was sent to the network. */
export const isUntried = ({ code }: NodeJS.ErrnoException): boolean => code !== undefined && untried.has(code)
