/** Where fairlead differs from HAProxy 2.6 on purpose, exchange by exchange, with the reason and what it must show instead. */

export interface Accepted {
  /** Matches `setup: exchange`. */
  readonly exchange: RegExp
  readonly reason: string
  /** Lines of HAProxy's that ours does not have; apart from them both must be equal. */
  readonly without?: RegExp
  /** What ours must show, when it is another answer altogether. */
  readonly shows?: RegExp
}

const BAD_GATEWAY = /^HTTP\/1\.1 502 Bad Gateway\n[\s\S]*second\n[\s\S]*^log: be\/s1 502 PH-- /m

export const accepted: readonly Accepted[] = [
  {
    exchange: /^clients that fail: pipelines and half-closes$/,
    reason: 'every request that has come whole is answered; HAProxy sometimes closes after the first answer',
    shows: /^HTTP\/1\.1 200 OK\n[\s\S]*one\n[\s\S]*^HTTP\/1\.1 200 OK\n[\s\S]*two\n/m,
  },
  {
    exchange: /HTTP\/1\.0, .*answer early hints/,
    reason: 'a 1xx is not sent to a client of HTTP/1.0 (RFC 9110 15.2)',
    without: /^HTTP\/1\.1 103 Early Hints\nlink: <\/a\.css>\n/m,
  },
  {
    exchange: /^forwardfor.*named in Connection$/,
    reason: 'what Connection names belongs to one connection (RFC 9110 7.6.1)',
    without: /^ {2}connection: X-Forwarded-For\n {2}x-forwarded-for: 203\.0\.113\.9\n/m,
  },
  {
    exchange: /^servers that fail.*names the length in Connection$/,
    reason: 'what Connection names belongs to one connection (RFC 9110 7.6.1)',
    without: /^connection: X-Secret, Content-Length\nx-secret: 1\n/m,
  },
  {
    exchange: /^servers that fail.*sends hop-by-hop fields$/,
    reason: 'fields of one connection are not passed on (RFC 9110 7.6.1)',
    without: /^(keep-alive|proxy-connection|upgrade): .*\n/gm,
  },
  {
    exchange: /^upgrades and tunnels: an upgrade that the server ignores$/,
    reason: 'an upgrade to h2c is never passed on',
    without: /^ {2}(connection: Upgrade, HTTP2-Settings|upgrade: h2c|http2-settings: .*)\n/gm,
  },
  {
    exchange: /^upgrades and tunnels: an Upgrade that Connection does not name$/,
    reason: 'fields of one connection are not passed on (RFC 9110 7.6.1)',
    without: /^ {2}upgrade: websocket\n/m,
  },
  {
    exchange:
      /^servers that fail.*: GET: the server (answers (status (99|1000|000)|HTTP\/2\.0)|folds a field|sends NUL in a field|ends lines with LF alone|sends a length and chunks)$/,
    reason: 'an answer that two readers can read in two ways is not passed on',
    shows: BAD_GATEWAY,
  },
  {
    exchange: /^timeouts: half a (chunked body|body with a length)$/,
    reason: "HAProxy 2.6 lets a stalled body wait for the server's timeout, against its manual on `timeout client`",
    shows: /^HTTP\/1\.1 408 Request Time-out\n[\s\S]*second\n[\s\S]*^log: be\/s1 408 cD-- /m,
  },
  {
    exchange: /^clients that fail: rst while it waits for the answer$/,
    reason: 'a client that is gone gets no answer: `option abortonclose`, which HAProxy 3.5 has on by default',
    shows: /^log: be\/s1 \S+ CH-- /m,
  },
  {
    exchange: /^queues: one that waits leaves$/,
    reason:
      'a client that is gone takes no place of a server: `option abortonclose`, which HAProxy 3.5 has on by default',
    shows: /^log: be\/<NOSRV> -1 CQ-- .*"GET \/b /m,
  },
  {
    exchange: /^servers that cannot be reached: the client leaves while we connect$/,
    reason: 'nobody is connected for that left: `option abortonclose`, which HAProxy 3.5 has on by default',
    shows: /^log: hole\/s1 -1 CC-- /m,
  },
  {
    exchange:
      /^(plain|http-reuse aggressive): (a second client (after the first left|while the first stays idle)|a POST on a new client connection while one is idle)$/,
    reason: 'of several idle connections the latest is taken, so that the others can close; HAProxy takes the oldest',
    shows: /(^log: be\/s1 200 ---- .*\n?){3,}/m,
  },
  {
    exchange: /^servers that cannot be reached: POST \/hole$/,
    reason: 'every request is answered; HAProxy closes in silence when a later one on the connection fails',
    shows: /(^HTTP\/1\.1 503 [\s\S]*){2}^log: hole\/s1 503 sC-- .*\/2 0\/0 "GET/m,
  },
  {
    exchange: /^clients that fail: is answered before its body is there, the server closes$/,
    reason:
      'a server that has answered and closed has its place back; HAProxy counts it until the client has sent the rest',
    shows: /^log: be\/s1 200 ---- .* ac\/fc\/1\/0\/0 [\s\S]*^log: be\/s1 413 CD-- /m,
  },
]
