/**
 * What attackers and broken peers send, as data: exact bytes, by the lists Framing, Fields, Hop-by-hop and Target.
 * What must come of each stands in malformed.expected.txt; where we refuse what HAProxy lets through, `stricter` says why.
 */

export interface MalformedCase {
  readonly list: 'Framing' | 'Fields' | 'Hop-by-hop' | 'Target'
  readonly name: string
  /** The bytes of the client; latin1, one character a byte. */
  readonly request: string
  /** The bytes of the server, when they are the matter; else a plain 200. */
  readonly reply?: string
  /** The server closes after its bytes. */
  readonly closes?: boolean
  /** Why our answer or our bytes differ from HAProxy's; always towards less. */
  readonly stricter?: string
  /**
   * We find the fault when the request has begun, in its body; HAProxy finds it with the head when both come together, and
   * answers before it has a backend. Status and bytes at the server are the same, the page's fields and the log are not.
   */
  readonly inBody?: boolean
  /** Passed on in a clearer form: HAProxy's words and ours. */
  readonly clearer?: readonly [theirs: string, ours: string]
}

type Case = Omit<MalformedCase, 'list'>

const CHUNKS = '5\r\nhello\r\n0\r\n\r\n'
/** Behind a message whose end two readers see differently, this becomes a request of its own. */
const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: example.test\r\n\r\n'

const post = (fields: string, body: string) => `POST /first HTTP/1.1\r\nHost: example.test\r\n${fields}\r\n${body}`
const get = (fields: string) => `GET /first HTTP/1.1\r\nHost: example.test\r\n${fields}\r\n`
const chunked = (body: string) => post('Transfer-Encoding: chunked\r\n', body)
const answer = (head: string, body = '') => ({ request: get(''), reply: `HTTP/1.1 ${head}\r\n\r\n${body}` })

const lengths: Case[] = [
  ['twice the same', 'Content-Length: 5\r\nContent-Length: 5\r\n'],
  ['twice, differing', 'Content-Length: 5\r\nContent-Length: 6\r\n'],
  ['twice, the second empty', 'Content-Length: 5\r\nContent-Length:\r\n'],
  ['a list of the same', 'Content-Length: 5, 5\r\n'],
  ['a list that differs', 'Content-Length: 5, 6\r\n'],
  ['a list with nothing at its end', 'Content-Length: 5,\r\n'],
  ['with a plus', 'Content-Length: +5\r\n'],
  ['with a minus', 'Content-Length: -5\r\n'],
  ['in hexadecimal', 'Content-Length: 0x5\r\n'],
  ['empty', 'Content-Length:\r\n'],
  ['with letters behind', 'Content-Length: 5a\r\n'],
  ['with a blank within', 'Content-Length: 5 5\r\n'],
  ['with an exponent', 'Content-Length: 1e1\r\n'],
  ['with a fraction', 'Content-Length: 5.0\r\n'],
  ['with zeros before', 'Content-Length: 0005\r\n'],
  ['with blanks around', 'Content-Length: \t 5 \t\r\n'],
  ['over 2^53', 'Content-Length: 9007199254740993\r\n'],
  ['over 2^64, five too many', 'Content-Length: 18446744073709551621\r\n'],
  ['with a vertical tab', 'Content-Length: \x0b5\r\n'],
  ['in quotes', 'Content-Length: "5"\r\n'],
].map(([name, fields]) => ({ name: `length ${name}`, request: post(fields!, `hello${SMUGGLED}`) }))

const codings: Case[] = [
  ['length before chunked', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n'],
  ['chunked before length', 'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n'],
  ['chunked before a bad length', 'Transfer-Encoding: chunked\r\nContent-Length: x\r\n'],
  ['an unknown coding', 'Transfer-Encoding: xchunked\r\n'],
  ['an unknown coding and a length', 'Transfer-Encoding: cow\r\nContent-Length: 5\r\n'],
  ['a blank before the colon', 'Transfer-Encoding : chunked\r\n'],
  ['a tab behind the colon', 'Transfer-Encoding:\tchunked\r\n'],
  ['blanks at the end', 'Transfer-Encoding: chunked \t\r\n'],
  ['a vertical tab', 'Transfer-Encoding: \x0bchunked\r\n'],
  ['capitals', 'Transfer-Encoding: CHUNKED\r\n'],
  ['quotes', 'Transfer-Encoding: "chunked"\r\n'],
  ['a parameter', 'Transfer-Encoding: chunked;q=1\r\n'],
  ['chunked, identity', 'Transfer-Encoding: chunked, identity\r\n'],
  ['identity, chunked', 'Transfer-Encoding: identity, chunked\r\n'],
  ['gzip, chunked', 'Transfer-Encoding: gzip, chunked\r\n'],
  ['chunked, gzip', 'Transfer-Encoding: chunked, gzip\r\n'],
  ['chunked twice in one field', 'Transfer-Encoding: chunked, chunked\r\n'],
  ['chunked in two fields', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n'],
  ['identity in a second field', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n'],
  ['identity alone', 'Transfer-Encoding: identity\r\nContent-Length: 5\r\n'],
  ['nothing', 'Transfer-Encoding:\r\n'],
  ['a comma first', 'Transfer-Encoding: , chunked\r\n'],
  ['a folded value', 'Transfer-Encoding:\r\n chunked\r\n'],
  ['an underscore', 'Transfer_Encoding: chunked\r\nContent-Length: 5\r\n'],
].map(([name, fields]) => ({ name: `coding: ${name}`, request: post(fields!, `${CHUNKS}${SMUGGLED}`) }))

const chunks: Case[] = [
  ['size with a plus', '+5\r\nhello\r\n0\r\n\r\n'],
  ['size with a minus', '-5\r\nhello\r\n0\r\n\r\n'],
  ['size with 0x', '0x5\r\nhello\r\n0\r\n\r\n'],
  ['size with a blank before', ' 5\r\nhello\r\n0\r\n\r\n'],
  ['size with a blank behind', '5 \r\nhello\r\n0\r\n\r\n'],
  ['size with an underscore', '0_5\r\nhello\r\n0\r\n\r\n'],
  ['size with zeros before', '0005\r\nhello\r\n000\r\n\r\n'],
  ['size with many zeros before', `${'0'.repeat(40)}5\r\nhello\r\n0\r\n\r\n`],
  ['size in capitals', 'A\r\nhellohello\r\n0\r\n\r\n'],
  ['size of 17 digits', '10000000000000005\r\nhello\r\n0\r\n\r\n'],
  ['size of 16 digits', 'ffffffffffffffff\r\nhello\r\n0\r\n\r\n'],
  ['size over 32 bits', '100000005\r\nhello\r\n0\r\n\r\n'],
  ['no size', '\r\nhello\r\n0\r\n\r\n'],
  ['a size with LF alone', '5\nhello\r\n0\r\n\r\n'],
  ['a size with CR alone', '5\rhello\r\n0\r\n\r\n'],
  ['a size with CR CR LF', '5\r\r\nhello\r\n0\r\n\r\n'],
  ['data with LF alone', '5\r\nhello\n0\r\n\r\n'],
  ['data without an end', '5\r\nhello0\r\n\r\n'],
  ['data longer than said', '5\r\nhellos\r\n0\r\n\r\n'],
  ['the last size with LF alone', '5\r\nhello\r\n0\n\r\n'],
  ['the empty line with LF alone', '5\r\nhello\r\n0\r\n\n'],
  ['an extension', '5;a=b\r\nhello\r\n0;c\r\n\r\n'],
  ['an extension in quotes', '5;a="b;c"\r\nhello\r\n0\r\n\r\n'],
  ['an extension with CRLF in quotes', '5;a="b\r\nhello\r\n0\r\n\r\n"\r\nhello\r\n0\r\n\r\n'],
  ['an extension with LF alone', '5;a=b\nhello\r\n0\r\n\r\n'],
  ['an extension with CR within', '5;a=b\rc\r\nhello\r\n0\r\n\r\n'],
  ['an extension with NUL', '5;a=\x00\r\nhello\r\n0\r\n\r\n'],
  ['an extension without name', '5;\r\nhello\r\n0\r\n\r\n'],
  ['an extension of 20 kB', `5;a=${'x'.repeat(20_000)}\r\nhello\r\n0\r\n\r\n`],
  ['a trailer', '5\r\nhello\r\n0\r\nX-Sum: 5\r\n\r\n'],
  ['a trailer with a length', '5\r\nhello\r\n0\r\nContent-Length: 50\r\n\r\n'],
  ['a trailer with a coding', '5\r\nhello\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n'],
  ['a trailer with a host', '5\r\nhello\r\n0\r\nHost: other.test\r\n\r\n'],
  ['a trailer with X-Forwarded-For', '5\r\nhello\r\n0\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n'],
  ['a trailer with Connection', '5\r\nhello\r\n0\r\nConnection: close\r\n\r\n'],
  ['a trailer without colon', '5\r\nhello\r\n0\r\nnothing\r\n\r\n'],
  ['a trailer with a blank before its colon', '5\r\nhello\r\n0\r\nX-Sum : 5\r\n\r\n'],
  ['a folded trailer', '5\r\nhello\r\n0\r\nX-Sum: 5\r\n 6\r\n\r\n'],
  ['a trailer with LF alone', '5\r\nhello\r\n0\r\nX-Sum: 5\n\r\n'],
  ['200 trailers', `5\r\nhello\r\n0\r\n${'X-Sum: 5\r\n'.repeat(200)}\r\n`],
].map(([name, body]) => ({ name: `chunks: ${name}`, request: chunked(`${body}${SMUGGLED}`) }))

const bodies: Case[] = [
  { name: 'chunked in HTTP/1.0', request: `POST /first HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKS}` },
  {
    name: 'chunked in HTTP/1.0 kept alive',
    request: `POST /first HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKS}${SMUGGLED}`,
  },
  { name: 'GET with a length', request: `${get('Content-Length: 5\r\n')}hello${SMUGGLED}` },
  { name: 'GET with chunks', request: `${get('Transfer-Encoding: chunked\r\n')}${CHUNKS}${SMUGGLED}` },
  { name: 'GET with bytes behind it', request: `${get('')}hello` },
  {
    name: 'HEAD with a length',
    request: `HEAD /first HTTP/1.1\r\nHost: example.test\r\nContent-Length: 5\r\n\r\nhello`,
  },
  { name: 'GET with a length in HTTP/1.0', request: 'GET /first HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello' },
  {
    name: 'TRACE with a length',
    request: 'TRACE /first HTTP/1.1\r\nHost: example.test\r\nContent-Length: 5\r\n\r\nhello',
  },
  { name: 'POST without length', request: `POST /first HTTP/1.1\r\nHost: example.test\r\n\r\n${SMUGGLED}` },
  {
    name: 'CONNECT with a length',
    request: `CONNECT example.test:443 HTTP/1.1\r\nHost: example.test:443\r\nContent-Length: 5\r\n\r\nhello`,
  },
  { name: 'Expect with another word', request: post('Expect: 200-maybe\r\nContent-Length: 5\r\n', 'hello') },
  { name: 'Expect on a GET', request: get('Expect: 100-continue\r\n') },
  {
    name: 'Expect in HTTP/1.0',
    request: 'POST /first HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello',
  },
  {
    name: 'an upgrade to h2c with a body',
    request: post(
      'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\nContent-Length: 5\r\n',
      `hello${SMUGGLED}`,
    ),
  },
  {
    name: 'data right behind an upgrade that is refused',
    request: `${get('Connection: Upgrade\r\nUpgrade: other\r\n')}${SMUGGLED}`,
  },
  { name: 'the preface of HTTP/2', request: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' },
]

const answers: Case[] = [
  {
    name: 'answer with length and chunks',
    ...answer('200 OK\r\nContent-Length: 50\r\nTransfer-Encoding: chunked', CHUNKS),
  },
  { name: 'answer with an unknown coding', ...answer('200 OK\r\nTransfer-Encoding: cow', 'hello'), closes: true },
  {
    name: 'answer with chunked, identity',
    ...answer('200 OK\r\nTransfer-Encoding: chunked, identity', CHUNKS),
    closes: true,
  },
  {
    name: 'answer with chunked twice',
    ...answer('200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked', CHUNKS),
  },
  { name: 'answer with lengths that differ', ...answer('200 OK\r\nContent-Length: 5\r\nContent-Length: 6', 'hello!') },
  { name: 'answer with one length twice', ...answer('200 OK\r\nContent-Length: 5\r\nContent-Length: 5', 'hello') },
  { name: 'answer with a signed length', ...answer('200 OK\r\nContent-Length: +5', 'hello') },
  {
    name: 'answer with a bad chunk size',
    ...answer('200 OK\r\nTransfer-Encoding: chunked', '+5\r\nhello\r\n0\r\n\r\n'),
  },
  {
    name: 'answer with chunks in HTTP/1.0',
    request: get(''),
    reply: `HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKS}`,
    closes: true,
  },
  { name: 'answer with status 000', ...answer('000 Odd\r\nContent-Length: 0') },
  { name: 'answer with status 99', ...answer('99 Odd\r\nContent-Length: 0') },
  { name: 'answer with status 888', ...answer('888 Odd\r\nContent-Length: 5', 'hello') },
  { name: 'answer with status 1000', ...answer('1000 Odd\r\nContent-Length: 0') },
  { name: 'answer with status +200', ...answer('+200 OK\r\nContent-Length: 0') },
  { name: 'answer 204 with a body', ...answer('204 No Content\r\nContent-Length: 5', 'hello') },
  { name: 'answer 204 with chunks', ...answer('204 No Content\r\nTransfer-Encoding: chunked', CHUNKS) },
  { name: 'answer 304 with a body', ...answer('304 Not Modified\r\nContent-Length: 5', 'hello') },
  {
    name: 'two answers to one request',
    ...answer('200 OK\r\nContent-Length: 5', 'helloHTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled'),
  },
  { name: 'bytes behind an answer', ...answer('200 OK\r\nContent-Length: 5', 'hello, world') },
  {
    name: 'a flood of 1xx',
    request: get(''),
    reply: `${'HTTP/1.1 102 Wait\r\n\r\n'.repeat(300)}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone`,
  },
  {
    name: '1xx with a length',
    request: get(''),
    reply: 'HTTP/1.1 103 Early\r\nContent-Length: 5\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone',
  },
  {
    name: '101 that nobody asked for',
    ...answer('101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x', 'bytes'),
    closes: true,
  },
  {
    name: '100 that nobody asked for',
    request: get(''),
    reply: 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone',
  },
]

const fields: Case[] = [
  ['folded with a blank', 'X-A: 1\r\n 2\r\n'],
  ['folded with a tab', 'X-A: 1\r\n\t2\r\n'],
  ['folded to an empty line', 'X-A: 1\r\n \r\n'],
  ['a blank before the colon', 'X-A : 1\r\n'],
  ['a tab before the colon', 'X-A\t: 1\r\n'],
  ['a blank in the name', 'X A: 1\r\n'],
  ['no colon', 'X-A\r\n'],
  ['no name', ': 1\r\n'],
  ['only a colon', ':\r\n'],
  ['two colons', 'X-A:: 1\r\n'],
  ['NUL in the value', 'X-A: a\x00b\r\n'],
  ['NUL in the name', 'X\x00A: 1\r\n'],
  ['CR in the value', 'X-A: a\rb\r\n'],
  ['CR at the end of the value', 'X-A: a\r\r\n'],
  ['LF at the end of the line', 'X-A: 1\n'],
  ['LF in the value, then a field', 'X-A: 1\nX-B: 2\r\n'],
  ['a control byte in the value', 'X-A: a\x01b\r\n'],
  ['DEL in the value', 'X-A: a\x7fb\r\n'],
  ['a tab in the value', 'X-A: a\tb\r\n'],
  ['high bytes in the value', 'X-A: \xe9\xff\r\n'],
  ['a high byte in the name', 'X-\xe9: 1\r\n'],
  ['a parenthesis in the name', 'X(A: 1\r\n'],
  ['a slash in the name', 'X/A: 1\r\n'],
  ['an underscore in the name', 'X_A: 1\r\n'],
  ['every mark that a name may have', "!#$%&'*+-.^_`|~09: 1\r\n"],
  ['nothing as value', 'X-A:\r\n'],
  ['blanks as value', 'X-A:   \t \r\n'],
  ['blanks around the value', 'X-A:  1 2  \r\n'],
  ['__proto__ as name', '__proto__: 1\r\nconstructor: 2\r\ntoString: 3\r\nhasOwnProperty: 4\r\n'],
  ['a value of 8 kB', `X-A: ${'a'.repeat(8000)}\r\n`],
  ['a value over the buffer', `X-A: ${'a'.repeat(17_000)}\r\n`],
  ['a name over the buffer', `${'a'.repeat(17_000)}: 1\r\n`],
  ['200 of them', 'X-A: 1\r\n'.repeat(200)],
].map(([name, lines]) => ({ name: `field: ${name}`, request: get(lines!) }))

const lines: Case[] = [
  { name: 'all lines end in LF alone', request: 'GET /first HTTP/1.1\nHost: example.test\n\n' },
  { name: 'the request line ends in LF alone', request: 'GET /first HTTP/1.1\nHost: example.test\r\n\r\n' },
  { name: 'the empty line is LF alone', request: 'GET /first HTTP/1.1\r\nHost: example.test\r\n\n' },
  { name: 'the request line ends in CR alone', request: 'GET /first HTTP/1.1\rHost: example.test\r\n\r\n' },
  { name: 'a blank before the first field', request: 'GET /first HTTP/1.1\r\n Host: example.test\r\n\r\n' },
  { name: 'blank lines before the request line', request: '\r\n\r\nGET /first HTTP/1.1\r\nHost: example.test\r\n\r\n' },
  { name: 'LF before the request line', request: '\nGET /first HTTP/1.1\r\nHost: example.test\r\n\r\n' },
  { name: 'a blank before the request line', request: ' GET /first HTTP/1.1\r\nHost: example.test\r\n\r\n' },
  { name: 'NUL bytes before the request line', request: '\x00\x00GET /first HTTP/1.1\r\nHost: example.test\r\n\r\n' },
  { name: 'a TLS client hello', request: '\x16\x03\x01\x00\x05hello\r\n\r\n' },
  { name: 'answer with a folded field', ...answer('200 OK\r\nX-A: 1\r\n 2\r\nContent-Length: 0') },
  { name: 'answer with a blank before a colon', ...answer('200 OK\r\nX-A : 1\r\nContent-Length: 0') },
  { name: 'answer with NUL in a value', ...answer('200 OK\r\nX-A: a\x00b\r\nContent-Length: 0') },
  { name: 'answer with CR in a value', ...answer('200 OK\r\nX-A: a\rb\r\nContent-Length: 0') },
  { name: 'answer with a line without colon', ...answer('200 OK\r\nnothing\r\nContent-Length: 0') },
  { name: 'answer with an empty name', ...answer('200 OK\r\n: x\r\nContent-Length: 0') },
  { name: 'answer with high bytes in a name', ...answer('200 OK\r\nX-\xe9: x\r\nContent-Length: 0') },
  { name: 'answer with LF line ends', request: get(''), reply: 'HTTP/1.1 200 OK\nContent-Length: 5\n\nhello' },
  { name: 'answer with CR in its reason', ...answer('200 O\rK\r\nContent-Length: 0') },
  { name: 'answer with __proto__ as a name', ...answer('200 OK\r\n__proto__: 1\r\nContent-Length: 0') },
]

const hops: Case[] = [
  ['Connection names a field', 'Connection: X-A\r\nX-A: 1\r\n'],
  ['Connection names a field, and close', 'Connection: close, X-A\r\nX-A: 1\r\n'],
  ['Connection names Host', 'Connection: Host\r\n'],
  ['Connection names X-Forwarded-For', 'Connection: X-Forwarded-For\r\nX-Forwarded-For: 1.2.3.4\r\n'],
  ['Connection names Cookie', 'Connection: Cookie\r\nCookie: a=b\r\n'],
  ['Connection twice', 'Connection: X-A\r\nConnection: close\r\nX-A: 1\r\n'],
  ['Connection with keep-alive and close', 'Connection: keep-alive, close\r\n'],
  ['Connection with an odd word', 'Connection: closed\r\n'],
  ['Connection empty', 'Connection:\r\n'],
  ['Connection with commas alone', 'Connection: ,,\r\n'],
  ['a forged X-Forwarded-For', 'X-Forwarded-For: 127.0.0.1\r\n'],
  ['Keep-Alive', 'Keep-Alive: timeout=5\r\n'],
  ['Proxy-Connection', 'Proxy-Connection: keep-alive\r\n'],
  ['Proxy-Connection close', 'Proxy-Connection: close\r\n'],
  ['Proxy-Authorization', 'Proxy-Authorization: Basic eA==\r\n'],
  ['TE trailers', 'TE: trailers\r\nConnection: TE\r\n'],
  ['TE with another coding', 'TE: gzip, trailers;q=0.5\r\n'],
  ['Trailer', 'Trailer: X-Sum\r\n'],
  ['Upgrade alone', 'Upgrade: websocket\r\n'],
  ['Connection: Upgrade alone', 'Connection: Upgrade\r\n'],
  ['HTTP2-Settings alone', 'HTTP2-Settings: AAMAAABk\r\n'],
].map(([name, lines]) => ({ name: name!, request: get(lines!) }))

const hopsOfBodies: Case[] = [
  {
    name: 'Connection names Content-Length',
    request: post('Connection: Content-Length\r\nContent-Length: 5\r\n', `hello${SMUGGLED}`),
  },
  {
    name: 'Connection names Transfer-Encoding',
    request: post('Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n', `${CHUNKS}${SMUGGLED}`),
  },
  { name: 'answer: Connection names a field', ...answer('200 OK\r\nConnection: X-A\r\nX-A: 1\r\nContent-Length: 0') },
  {
    name: 'answer: Connection names Content-Length',
    ...answer('200 OK\r\nConnection: Content-Length\r\nContent-Length: 5', 'hello'),
  },
  {
    name: 'answer: Connection names Set-Cookie',
    ...answer('200 OK\r\nConnection: Set-Cookie\r\nSet-Cookie: a=b\r\nContent-Length: 0'),
  },
  { name: 'answer: Keep-Alive', ...answer('200 OK\r\nKeep-Alive: timeout=5\r\nContent-Length: 0') },
  { name: 'answer: Proxy-Authenticate', ...answer('407 Who\r\nProxy-Authenticate: Basic\r\nContent-Length: 0') },
  { name: 'answer: Proxy-Connection', ...answer('200 OK\r\nProxy-Connection: close\r\nContent-Length: 0') },
  { name: 'answer: Upgrade alone', ...answer('200 OK\r\nUpgrade: h2c\r\nContent-Length: 0') },
  {
    name: 'answer: Trailer',
    ...answer('200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked', '5\r\nhello\r\n0\r\nX-Sum: 5\r\n\r\n'),
  },
  {
    name: 'answer: a trailer with a length',
    ...answer('200 OK\r\nTransfer-Encoding: chunked', '5\r\nhello\r\n0\r\nContent-Length: 9\r\n\r\n'),
  },
]

const hosts: Case[] = [
  ['none', ''],
  ['twice the same', 'Host: example.test\r\nHost: example.test\r\n'],
  ['twice, differing', 'Host: example.test\r\nHost: other.test\r\n'],
  ['empty', 'Host:\r\n'],
  ['with a comma', 'Host: example.test, other.test\r\n'],
  ['with userinfo', 'Host: user@example.test\r\n'],
  ['with a path', 'Host: example.test/x\r\n'],
  ['with a query', 'Host: example.test?x\r\n'],
  ['with a fragment', 'Host: example.test#x\r\n'],
  ['with a blank', 'Host: example.test other\r\n'],
  ['with a port', 'Host: example.test:8080\r\n'],
  ['with a port that is too large', 'Host: example.test:99999\r\n'],
  ['with a port of letters', 'Host: example.test:http\r\n'],
  ['with an empty port', 'Host: example.test:\r\n'],
  ['with two ports', 'Host: example.test:80:81\r\n'],
  ['in IPv6', 'Host: [::1]:80\r\n'],
  ['in IPv6 without brackets', 'Host: ::1\r\n'],
  ['with a NUL', 'Host: exa\x00mple.test\r\n'],
  ['with high bytes', 'Host: ex\xe9mple.test\r\n'],
  ['with a backslash', 'Host: example.test\\x\r\n'],
  ['with angle brackets', 'Host: <script>\r\n'],
  ['folded', 'Host:\r\n example.test\r\n'],
  ['with a blank before its colon', 'Host : example.test\r\n'],
].map(([name, lines]) => ({ name: `host ${name}`, request: `GET /first HTTP/1.1\r\n${lines}\r\n` }))

const targets: Case[] = [
  ['absolute, the same host', 'http://example.test/first'],
  ['absolute, another host', 'http://other.test/first'],
  ['absolute, the host in capitals', 'http://EXAMPLE.test/first'],
  ['absolute, the standard port', 'http://example.test:80/first'],
  ['absolute, another port', 'http://example.test:81/first'],
  ['absolute, userinfo', 'http://user:pw@example.test/first'],
  ['absolute, no path', 'http://example.test'],
  ['absolute, a query and no path', 'http://example.test?x=1'],
  ['absolute, no host', 'http:///first'],
  ['absolute, https', 'https://example.test/first'],
  ['absolute, another scheme', 'ftp://example.test/first'],
  ['absolute, around a rule', 'http://example.test/admin'],
  ['authority in a GET', 'example.test:80'],
  ['an asterisk in a GET', '*'],
  ['no slash', 'first'],
  ['two slashes', '//other.test/first'],
  ['a fragment', '/first#part'],
  ['a blank within', '/fir st'],
  ['NUL', '/first\x00'],
  ['a control byte', '/first\x01'],
  ['DEL', '/first\x7f'],
  ['a high byte', '/f\xe9rst'],
  ['an encoded NUL', '/first%00'],
  ['bad percent signs', '/first%zz%'],
  ['quotes and brackets', '/first"<>{}|\\^`'],
  ['a rule', '/admin/x'],
  ['a rule in encoded letters', '/%61dmin'],
  ['a rule with dots', '/./admin'],
  ['a rule with dots that lead up', '/x/../admin'],
  ['a rule with two slashes', '//admin'],
  ['a rule in capitals', '/ADMIN'],
  ['a rule behind an encoded slash', '/%2fadmin'],
  ['a rule with a parameter', '/admin;x=1'],
  ['a rule with a query', '/admin?x=1'],
].map(([name, target]) => ({
  name: `target: ${name}`,
  request: `GET ${target} HTTP/1.1\r\nHost: example.test\r\n\r\n`,
}))

const requestLines: Case[] = [
  ['absolute without Host', 'GET http://example.test/first HTTP/1.1\r\n\r\n'],
  ['absolute with an empty Host', 'GET http://example.test/first HTTP/1.1\r\nHost:\r\n\r\n'],
  ['absolute in HTTP/1.0 without Host', 'GET http://example.test/first HTTP/1.0\r\n\r\n'],
  ['absolute with userinfo in Host', 'GET http://a@example.test/first HTTP/1.1\r\nHost: a@example.test\r\n\r\n'],
  ['CONNECT to another host', 'CONNECT other.test:443 HTTP/1.1\r\nHost: example.test\r\n\r\n'],
  ['CONNECT without a port', 'CONNECT example.test HTTP/1.1\r\nHost: example.test\r\n\r\n'],
  ['CONNECT with a path', 'CONNECT /first HTTP/1.1\r\nHost: example.test\r\n\r\n'],
  ['OPTIONS with an asterisk', 'OPTIONS * HTTP/1.1\r\nHost: example.test\r\n\r\n'],
  ['OPTIONS, absolute, no path', 'OPTIONS http://example.test HTTP/1.1\r\nHost: example.test\r\n\r\n'],
  ['a method in small letters', 'get /first HTTP/1.1\r\nHost: example.test\r\n\r\n'],
  ['a method with a parenthesis', 'GE(T /first HTTP/1.1\r\nHost: example.test\r\n\r\n'],
  ['a method with a colon', 'GET: /first HTTP/1.1\r\nHost: example.test\r\n\r\n'],
  ['__proto__ as method', '__proto__ /first HTTP/1.1\r\nHost: example.test\r\n\r\n'],
  ['HTTP/1.2', 'GET /first HTTP/1.2\r\nHost: example.test\r\n\r\n'],
  ['HTTP/2.0', 'GET /first HTTP/2.0\r\nHost: example.test\r\n\r\n'],
  ['HTTP/0.9', 'GET /first\r\n\r\n'],
  ['HTTP/1', 'GET /first HTTP/1\r\nHost: example.test\r\n\r\n'],
  ['HTTP/1.10', 'GET /first HTTP/1.10\r\nHost: example.test\r\n\r\n'],
  ['HTTP/01.1', 'GET /first HTTP/01.1\r\nHost: example.test\r\n\r\n'],
  ['HTTP/1.x', 'GET /first HTTP/1.x\r\nHost: example.test\r\n\r\n'],
  ['http in small letters', 'GET /first http/1.1\r\nHost: example.test\r\n\r\n'],
  ['another protocol', 'GET /first RTSP/1.0\r\nHost: example.test\r\n\r\n'],
  ['a blank behind the version', 'GET /first HTTP/1.1 \r\nHost: example.test\r\n\r\n'],
  ['two blanks', 'GET  /first  HTTP/1.1\r\nHost: example.test\r\n\r\n'],
  ['tabs', 'GET\t/first\tHTTP/1.1\r\nHost: example.test\r\n\r\n'],
  ['no target', 'GET HTTP/1.1\r\nHost: example.test\r\n\r\n'],
  ['no method', '/first HTTP/1.1\r\nHost: example.test\r\n\r\n'],
  ['a target over the buffer', `GET /${'x'.repeat(17_000)} HTTP/1.1\r\nHost: example.test\r\n\r\n`],
].map(([name, request]) => ({ name: `request line: ${name}`, request: request! }))

/** Where we differ from HAProxy 2.6 on purpose: what we refuse, or take away, that it lets through. By reason. */
const STRICTER: readonly (readonly [reason: string, names: readonly string[]])[] = [
  [
    'CR, LF and NUL mean what RFC 9112 says, nothing else ends a line',
    [
      'chunks: a size with LF alone',
      'chunks: data with LF alone',
      'chunks: the last size with LF alone',
      'chunks: the empty line with LF alone',
      'chunks: an extension with LF alone',
      'chunks: an extension with NUL',
      'chunks: a trailer with LF alone',
      'field: LF at the end of the line',
      'field: LF in the value, then a field',
      'field: NUL in the value',
      'field: a control byte in the value',
      'field: DEL in the value',
      'all lines end in LF alone',
      'the request line ends in LF alone',
      'the empty line is LF alone',
      'LF before the request line',
      'answer with NUL in a value',
      'answer with LF line ends',
      'host with a NUL',
    ],
  ],
  [
    'obs-fold is refused, as RFC 9112 5.2 allows',
    [
      'coding: a folded value',
      'chunks: a folded trailer',
      'field: folded with a blank',
      'field: folded with a tab',
      'field: folded to an empty line',
      'answer with a folded field',
      'host folded',
    ],
  ],
  [
    'two ways to tell a length are an attack (RFC 9112 6.1)',
    ['coding: length before chunked', 'coding: chunked before length', 'answer with length and chunks'],
  ],
  [
    'HTTP/1.0 knows no chunks (RFC 9112 6.1)',
    ['chunked in HTTP/1.0', 'chunked in HTTP/1.0 kept alive', 'answer with chunks in HTTP/1.0'],
  ],
  ['a length that a number cannot hold exactly', ['length over 2^53']],
  [
    'a chunk size is up to sixteen hexadecimal digits, and nothing around them',
    ['chunks: size with a blank behind', 'chunks: size with many zeros before'],
  ],
  ['an extension ends with its line', ['chunks: an extension with CRLF in quotes']],
  [
    'a trailer cannot frame the message again (RFC 9110 6.5.1)',
    ['chunks: a trailer with a length', 'chunks: a trailer with a coding', 'answer: a trailer with a length'],
  ],
  [
    'a trailer cannot route, or speak for the client (RFC 9110 6.5.1)',
    ['chunks: a trailer with a host', 'chunks: a trailer with X-Forwarded-For', 'chunks: a trailer with Connection'],
  ],
  [
    'HAProxy itself refuses it at some times and passes it on at others',
    ['chunks: a trailer with a blank before its colon'],
  ],
  ['HAProxy lets a stalled body wait for the timeout of the server, against its manual', ['chunks: size over 32 bits']],
  ['a request to CONNECT has no body (RFC 9110 9.3.6)', ['CONNECT with a length']],
  ['HTTP/2 in clear text comes later', ['the preface of HTTP/2']],
  [
    'a status has three digits, the first from 1 to 5 or beyond, not 0 (RFC 9112 4)',
    ['answer with status 000', 'answer with status 99', 'answer with status 1000'],
  ],
  ['more interim answers than anybody needs', ['a flood of 1xx']],
  [
    'what Connection names belongs to one connection, and Connection itself (RFC 9110 7.6.1)',
    [
      'Connection names a field',
      'Connection names a field, and close',
      'Connection names Host',
      'Connection names X-Forwarded-For',
      'Connection names Cookie',
      'Connection twice',
      'Connection with an odd word',
      'Connection names Content-Length',
      'Connection names Transfer-Encoding',
      'TE trailers',
      'Connection: Upgrade alone',
      'answer: Connection names a field',
      'answer: Connection names Content-Length',
      'answer: Connection names Set-Cookie',
    ],
  ],
  [
    'fields of one connection are not passed on (RFC 9110 7.6.1)',
    [
      'Keep-Alive',
      'Proxy-Connection',
      'Proxy-Connection close',
      'Upgrade alone',
      'answer: Keep-Alive',
      'answer: Proxy-Connection',
      'answer: Upgrade alone',
    ],
  ],
  ['an upgrade to h2c is never passed on', ['an upgrade to h2c with a body']],
  [
    'HTTP/1.1 needs one Host (RFC 9112 3.2)',
    ['host none', 'host twice the same', 'host empty', 'request line: absolute without Host'],
  ],
  [
    'a Host is a name or an address, and a port (RFC 9110 7.2)',
    [
      'host with a comma',
      'host with userinfo',
      'host with a path',
      'host with a query',
      'host with a fragment',
      'host with a blank',
      'host with a port that is too large',
      'host with a port of letters',
      'host with an empty port',
      'host with two ports',
      'host in IPv6 without brackets',
      'host with high bytes',
      'host with a backslash',
      'host with angle brackets',
    ],
  ],
  [
    'an absolute target has a host and no userinfo (RFC 9110 4.2)',
    ['target: absolute, userinfo', 'target: absolute, no host'],
  ],
  ['the asterisk belongs to OPTIONS (RFC 9112 3.2.4)', ['target: an asterisk in a GET']],
  ['another major version is another protocol (RFC 9112 2.3)', ['request line: HTTP/2.0']],
  ['a request line has single blanks (RFC 9112 3)', ['request line: two blanks', 'request line: tabs']],
]

/** What we pass on, or tell in the log, in a clearer form: HAProxy's words, and ours. */
const CLEARER: ReadonlyMap<string, readonly [theirs: string, ours: string]> = new Map([
  ['length with zeros before', ['content-length: 0005', 'content-length: 5']],
  // The log tells the version that was passed on.
  ['request line: HTTP/1.2', ['"GET /first HTTP/1.2"', '"GET /first HTTP/1.1"']],
  ['coding: capitals', ['transfer-encoding: CHUNKED', 'transfer-encoding: chunked']],
  // We look at the body when the connection stands, and the log says how long that took.
  ['chunks: an extension of 20 kB', ['T/T/-1/-1/T', 'T/T/T/-1/T']],
])

const IN_BODY: ReadonlySet<string> = new Set([
  'chunks: size with a plus',
  'chunks: size with a minus',
  'chunks: size with 0x',
  'chunks: size with a blank before',
  'chunks: size with an underscore',
  'chunks: size of 17 digits',
  'chunks: size of 16 digits',
  'chunks: no size',
  'chunks: a size with CR alone',
  'chunks: a size with CR CR LF',
  'chunks: data without an end',
  'chunks: data longer than said',
  'chunks: an extension with CR within',
  'chunks: a trailer without colon',
  'chunks: 200 trailers',
])

const reasons: ReadonlyMap<string, string> = new Map(
  STRICTER.flatMap(([reason, names]) => names.map((name): [string, string] => [name, reason])),
)

const inList = (list: MalformedCase['list'], cases: readonly Case[]): MalformedCase[] =>
  cases.map((one) => {
    const stricter = reasons.get(one.name)
    const clearer = CLEARER.get(one.name)
    return {
      list,
      ...one,
      ...(stricter === undefined ? {} : { stricter }),
      ...(clearer === undefined ? {} : { clearer }),
      ...(IN_BODY.has(one.name) ? { inBody: true } : {}),
    }
  })

/** Names in the lists above that no case has. */
export const unknownReasons = (): string[] => {
  const known = new Set(malformedCases.map((one) => one.name))
  return [...reasons.keys(), ...CLEARER.keys(), ...IN_BODY].filter((name) => !known.has(name))
}

export const malformedCases: readonly MalformedCase[] = [
  ...inList('Framing', [...lengths, ...codings, ...chunks, ...bodies, ...answers]),
  ...inList('Fields', [...fields, ...lines]),
  ...inList('Hop-by-hop', [...hops, ...hopsOfBodies]),
  ...inList('Target', [...hosts, ...targets, ...requestLines]),
]
