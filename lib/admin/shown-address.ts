/** An address as statistics show it. */

/** `127.0.0.1:80`, `[::1]:80`; a path is `unix`. */
export function shownAddress(host: string, port: number): string {
  if (port === 0 && (host.startsWith('/') || host.startsWith('abns@'))) return 'unix'
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
