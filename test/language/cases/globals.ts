/** What `global` tells the process, where a request can see it. */
import type { LanguageCase } from '../case.js'

const get = (path: string, ...fields: string[]): string =>
  `${[`GET ${path} HTTP/1.1`, 'Host: x', ...fields].join('\r\n')}\r\n\r\n`

export const cases: readonly LanguageCase[] = [
  {
    name: 'a variable of the environment',
    covers: ['global:setenv'],
    global: ['setenv FLD_A one', 'setenv FLD_A two'],
    expression: 'env(FLD_A)',
  },
  {
    name: 'in a line of the file',
    covers: ['global:setenv'],
    global: ['setenv FLD_A "one two"'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the loader expands it
    frontend: ['http-request set-header X-A "${FLD_A}"'],
    expression: 'req.hdr(x-a)',
  },
  {
    name: 'only where there is none',
    covers: ['global:presetenv'],
    global: ['setenv FLD_A one', 'presetenv FLD_A two', 'presetenv FLD_B three'],
    format: '%[env(FLD_A)] %[env(FLD_B)]',
  },
  {
    name: 'taken away',
    covers: ['global:unsetenv'],
    global: ['setenv FLD_A one', 'setenv FLD_B two', 'unsetenv FLD_A FLD_C'],
    format: '-%[env(FLD_A)]-%[env(FLD_B)]-',
  },
  {
    name: 'all taken away but a few',
    covers: ['global:resetenv'],
    global: ['setenv FLD_A one', 'setenv FLD_B two', 'resetenv FLD_B'],
    format: '-%[env(FLD_A)]-%[env(FLD_B)]-',
  },
  {
    name: 'more fields than are allowed',
    covers: ['global:tune.http.maxhdr'],
    global: ['tune.http.maxhdr 5'],
    frontend: ['http-request return status 200 content-type text/plain string fine'],
    send: get('/', ...Array.from({ length: 6 }, (_, index) => `X-${index}: y`)),
  },
  {
    name: 'as many fields as are allowed',
    covers: ['global:tune.http.maxhdr'],
    global: ['tune.http.maxhdr 5'],
    frontend: ['http-request return status 200 content-type text/plain string fine'],
    send: get('/', ...Array.from({ length: 4 }, (_, index) => `X-${index}: y`)),
  },
  // Lines that say nothing to keep do not count.
  ...(
    [
      [
        'lines of Connection that only say close or keep-alive',
        4,
        ['Connection: close', 'Connection: keep-alive,', 'Connection:'],
      ],
      ['the same with one line too many', 5, ['Connection: keep-alive', 'Connection: keep-alive', 'Connection:']],
      ['one that says something else counts', 4, ['Connection: keep-alive, x']],
      ['another that does', 3, ['Connection: keep-alive, x']],
      ['Content-Length over and over', 3, ['Content-Length: 0', 'Content-Length: 0', 'Content-Length: 0']],
      ['the same with one line too many of others', 4, ['Content-Length: 0', 'Content-Length: 0']],
    ] as const
  ).map(
    ([name, count, more]): LanguageCase => ({
      name: `fields that are allowed: ${name}`,
      covers: ['global:tune.http.maxhdr'],
      global: ['tune.http.maxhdr 5'],
      frontend: ['http-request return status 200 content-type text/plain string fine'],
      // The host is one of them.
      send: get('/', ...Array.from({ length: count - 1 }, (_, index) => `X-${index}: y`), ...more),
    }),
  ),
  ...[2, 3, 4].map(
    (count): LanguageCase => ({
      name: `fields of a response that are allowed: ${count + 1}, and some that do not count`,
      covers: ['global:tune.http.maxhdr'],
      global: ['tune.http.maxhdr 5'],
      send: get('/'),
      origin: `HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\nContent-Length: 0\r\n${Array.from(
        { length: count },
        (_, index) => `X-${index}: y\r\n`,
      ).join('')}\r\n`,
    }),
  ),
  {
    name: 'a larger buffer for heads',
    covers: ['global:tune.bufsize'],
    global: ['tune.bufsize 32768'],
    expression: 'req.hdr(x),length',
    send: get('/', `X: ${'y'.repeat(20_001)}`),
  },
  {
    name: 'a smaller buffer for heads',
    covers: ['global:tune.bufsize'],
    global: ['tune.bufsize 8192'],
    expression: 'req.hdr(x),length',
    send: get('/', `X: ${'y'.repeat(7500)}`),
  },
  {
    name: 'less room to write in',
    covers: ['global:tune.maxrewrite'],
    global: ['tune.maxrewrite 4096'],
    expression: 'req.hdr(x),length',
    send: get('/', `X: ${'y'.repeat(13_000)}`),
  },
  {
    name: 'files are looked for elsewhere',
    covers: ['global:default-path'],
    global: ['default-path origin {dir}'],
    frontend: ['http-request return status 200 content-type text/plain file page.txt'],
    files: { 'page.txt': 'from there' },
  },
]
