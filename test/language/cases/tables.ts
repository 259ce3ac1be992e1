/** Stick tables: what is tracked, what can be asked of it, and what rules change by hand. How it counts over time is seen live, in the differential runs. */
import type { LanguageCase } from '../case.js'

const HOST = 'Host: www.example.com\r\n'
const get = (path: string, fields = ''): string => `GET ${path} HTTP/1.1\r\n${HOST}${fields}\r\n`
const TWICE = [get('/'), get('/')]

const BYTES = ['bytes_in_rate', 'bytes_out_rate'] as const
const PLAIN = [
  'conn_cnt',
  'conn_cur',
  'conn_rate',
  'gpc0_rate',
  'gpc1_rate',
  'http_err_cnt',
  'http_err_rate',
  'http_fail_cnt',
  'http_fail_rate',
  'http_req_cnt',
  'http_req_rate',
  'sess_cnt',
  'sess_rate',
  'kbytes_in',
  'kbytes_out',
] as const
const GENERAL = ['get_gpc0', 'get_gpc1', 'get_gpt0', 'inc_gpc0', 'inc_gpc1', 'clr_gpc0', 'clr_gpc1'] as const
const ARRAYS = ['get_gpc', 'get_gpt', 'gpc_rate', 'inc_gpc', 'clr_gpc'] as const

const counted =
  'conn_cnt,conn_cur,conn_rate(1h),sess_cnt,sess_rate(1h),http_req_cnt,http_req_rate(1h),http_err_cnt,http_err_rate(1h),http_fail_cnt,http_fail_rate(1h),bytes_in_cnt,bytes_in_rate(1h),bytes_out_cnt,bytes_out_rate(1h)'

const sections = [
  'backend all-{id}',
  `  stick-table type ip size 100 expire 1h store gpc0,gpc0_rate(1h),gpc1,gpc1_rate(1h),gpt0,server_id,${counted}`,
  'backend arrays-{id}',
  '  stick-table type ip size 100 expire 1h store gpc(3),gpc_rate(3,1h),gpt(3)',
  'backend bare-{id}',
  '  stick-table type ip size 100 expire 1h',
  'backend rates-{id}',
  '  stick-table type ip size 100 expire 1h store gpc0_rate(1h),gpc1',
  'backend texts-{id}',
  '  stick-table type string len 20 size 100 expire 1h store gpc0,http_req_cnt',
  'backend numbers-{id}',
  '  stick-table type integer size 100 expire 1h store gpc0,http_req_cnt',
  'backend bytes-{id}',
  '  stick-table type binary len 4 size 100 expire 1h store gpc0,http_req_cnt',
].join('\n')

/** Several lines of questions, for lines have their limits. */
const asking = (questions: readonly string[]): string => questions.map((question) => `%[${question}]`).join(' ')

const chunks = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, index * size + size))

const TRACKED = [...PLAIN, ...GENERAL, 'tracked', 'trackers']

const ofSlots = [0, 1, 2].flatMap((slot) =>
  chunks(TRACKED, 9).flatMap((words, index): LanguageCase[] => [
    {
      name: `what sc${slot} says, ${index + 1}`,
      covers: words.map((word) => `fetch:sc${slot}_${word}`),
      sections,
      frontend: [`tcp-request connection track-sc${slot} src table all-{id}`],
      format: asking(words.map((word) => `sc${slot}_${word}`)),
      send: TWICE,
    },
    {
      name: `what sc says of slot ${slot}, ${index + 1}`,
      covers: words.map((word) => `fetch:sc_${word}`),
      sections,
      frontend: [`http-request track-sc${slot} src table all-{id}`],
      format: asking(words.map((word) => `sc_${word}(${slot})`)),
      send: TWICE,
    },
  ]),
)

/** HAProxy counts the bytes of heads as it keeps them, and not as they were sent: whether there were any is what can be compared. */
const ofBytes: LanguageCase = {
  name: 'bytes',
  covers: BYTES.flatMap((word) => [
    `fetch:src_${word}`,
    `fetch:sc_${word}`,
    `converter:table_${word}`,
    ...[0, 1, 2].map((slot) => `fetch:sc${slot}_${word}`),
  ]),
  sections,
  frontend: [0, 1, 2].map((slot) => `http-request track-sc${slot} src table all-{id}`),
  format: asking(
    BYTES.flatMap((word) => [
      `src_${word}(all-{id}),bool`,
      `sc_${word}(0),bool`,
      `src,table_${word}(all-{id}),bool`,
      ...[0, 1, 2].map((slot) => `sc${slot}_${word},bool`),
    ]),
  ),
  send: TWICE,
}

const ofNothing = chunks(TRACKED, 9).map(
  (words, index): LanguageCase => ({
    name: `nothing is tracked, ${index + 1}`,
    covers: [],
    sections,
    format: `${asking(words.map((word) => `sc1_${word}`))} / ${asking(words.map((word) => `sc_${word}(7,all-{id})`))}`,
  }),
)

const notStored = chunks(TRACKED, 6).map(
  (words, index): LanguageCase => ({
    name: `nothing is stored, ${index + 1}`,
    covers: [],
    sections,
    frontend: ['http-request track-sc0 src table bare-{id}'],
    format: `${asking(words.map((word) => `sc0_${word}`))} / ${asking(words.map((word) => `sc0_${word}(all-{id})`))}`,
  }),
)

const ofSource = chunks([...PLAIN, ...GENERAL, 'updt_conn_cnt'], 9).flatMap((words, index): LanguageCase[] => [
  {
    name: `what src says, ${index + 1}`,
    covers: words.map((word) => `fetch:src_${word}`),
    sections,
    format: asking(words.map((word) => `src_${word}(all-{id})`)),
    send: TWICE,
  },
  {
    name: `what src says of what is not stored, ${index + 1}`,
    covers: [],
    sections,
    frontend: ['http-request track-sc0 src table bare-{id}'],
    format: asking(words.map((word) => `src_${word}(bare-{id})`)),
    send: TWICE,
  },
  {
    name: `what src says in the response, ${index + 1}`,
    covers: [],
    sections,
    frontend: ['http-request track-sc2 src table all-{id}'],
    format: asking(words.map((word) => `src_${word}(all-{id})`)),
    at: 'response',
  },
])

const CONVERTERS = [...PLAIN, 'gpc0', 'gpc1', 'gpt0', 'server_id', 'trackers'] as const

const ofValues = chunks(CONVERTERS, 6).flatMap((words, index): LanguageCase[] => [
  {
    name: `what a table says of a value, ${index + 1}`,
    covers: words.map((word) => `converter:table_${word}`),
    sections,
    frontend: ['http-request track-sc0 src table all-{id}', 'http-request sc-inc-gpc0(0)'],
    format: asking(words.map((word) => `src,table_${word}(all-{id})`)),
  },
  {
    name: `what a table says of a value that it does not know, ${index + 1}`,
    covers: [],
    sections,
    format: asking(words.map((word) => `str(192.0.2.1),table_${word}(all-{id})`)),
  },
  {
    name: `what a table says of a value that cannot be a key, ${index + 1}`,
    covers: [],
    sections,
    format: asking(words.map((word) => `str(abc),table_${word}(all-{id})`)),
  },
  {
    name: `what a table says of a value when nothing is stored, ${index + 1}`,
    covers: [],
    sections,
    frontend: ['http-request track-sc0 src table bare-{id}'],
    format: asking(words.map((word) => `src,table_${word}(bare-{id})`)),
  },
])

const array: LanguageCase[] = [
  {
    name: 'arrays of what is tracked',
    covers: ARRAYS.map((word) => `fetch:sc_${word}`),
    sections,
    frontend: ['http-request track-sc1 src table arrays-{id}'],
    format: asking(ARRAYS.flatMap((word) => [`sc_${word}(2,1)`, `sc_${word}(2,1,arrays-{id})`])),
    send: TWICE,
  },
  {
    name: 'beyond the end of arrays',
    covers: [],
    sections,
    frontend: ['http-request track-sc1 src table arrays-{id}'],
    format: asking(ARRAYS.flatMap((word) => [`sc_${word}(3,1)`, `sc_${word}(99,1)`])),
  },
  {
    name: 'arrays by the names of single counters',
    covers: [],
    sections,
    frontend: [
      'http-request track-sc0 src table arrays-{id}',
      'http-request sc-inc-gpc0(0)',
      'http-request sc-inc-gpc1(0)',
      'http-request sc-set-gpt0(0) 7',
    ],
    format: asking([...GENERAL, 'gpc0_rate', 'gpc1_rate'].map((word) => `sc0_${word}`)),
    send: TWICE,
  },
  {
    name: 'single counters by the names of arrays',
    covers: [],
    sections,
    frontend: ['http-request track-sc0 src table all-{id}', 'http-request sc-inc-gpc0(0)'],
    format: asking(ARRAYS.map((word) => `sc_${word}(0,0)`)),
  },
  {
    name: 'arrays of the client',
    covers: ['get_gpc', 'get_gpt', 'gpc_rate', 'inc_gpc', 'clr_gpc'].map((word) => `fetch:src_${word}`),
    sections,
    frontend: ['http-request track-sc0 src table arrays-{id}'],
    format: asking(ARRAYS.map((word) => `src_${word}(1,arrays-{id})`)),
    send: TWICE,
  },
  {
    name: 'arrays of a value',
    covers: ['converter:table_gpc', 'converter:table_gpt', 'converter:table_gpc_rate'],
    sections,
    frontend: [
      'http-request track-sc0 src table arrays-{id}',
      'http-request sc-inc-gpc(1,0)',
      'http-request sc-set-gpt(1,0) 5',
    ],
    format: asking(
      ['gpc(1,', 'gpt(1,', 'gpc_rate(1,', 'gpc(9,', 'gpt(9,'].map((word) => `src,table_${word}arrays-{id})`),
    ),
    send: TWICE,
  },
]

const EVERY = [
  'tcp-request connection',
  'tcp-request session',
  'tcp-request content',
  'tcp-response content',
  'http-request',
  'http-response',
  'http-after-response',
] as const

const CHANGES: readonly (readonly [string, string, string, boolean])[] = [
  ['sc-inc-gpc0', '(0)', 'sc0_get_gpc0', false],
  ['sc-inc-gpc1', '(0)', 'sc0_get_gpc1', false],
  ['sc-inc-gpc', '(2,0)', 'sc_get_gpc(2,0)', false],
  ['sc-set-gpt0', '(0) 7', 'sc0_get_gpt0', false],
  ['sc-set-gpt', '(1,0) src_port,mul(0),add(9)', 'sc_get_gpt(1,0)', false],
  ['sc-add-gpc', '(2,0) 5', 'sc_get_gpc(2,0)', true],
]

const changes = EVERY.flatMap((set) =>
  CHANGES.map(([action, words, question, newer]): LanguageCase => {
    // In rules of connections, HAProxy 2.6 takes no questions there.
    const taken = set === 'tcp-request connection' ? words.replace(/ src_port.*/, ' 9') : words
    const rule = `${set} ${action}${taken}`
    const response = set.includes('response')
    const show = `http-after-response set-header x-seen "%[${question}]"`
    const isNewer = newer || set === 'http-after-response'
    const value = action === 'sc-set-gpt0' ? 7 : action === 'sc-set-gpt' ? 9 : action === 'sc-add-gpc' ? 5 : 1
    return {
      name: rule,
      covers: [`action:${set} ${action}`],
      sections,
      frontend: [
        'tcp-request connection track-sc0 src table arrays-{id}',
        ...(response ? [] : [rule, show]),
        ...(set === 'http-after-response' ? [rule, show] : []),
      ],
      backend: response && set !== 'http-after-response' ? [rule, show] : [],
      ...(isNewer
        ? {
            since: '3.0',
            expect: `HTTP/1.1 200 OK\ncontent-length: 2\nx-seen: ${value}\n[body, length] ok`,
          }
        : {}),
    }
  }),
)

const tracks = (
  ['tcp-request connection', 'tcp-request session', 'tcp-request content', 'http-request', 'http-response'] as const
).flatMap((set) =>
  [0, 1, 2].map(
    (slot): LanguageCase => ({
      name: `${set} track-sc${slot}`,
      covers: [`action:${set} track-sc${slot}`],
      sections,
      frontend: [
        `${set} track-sc${slot} src table all-{id}`,
        `http-after-response set-header x-seen "%[sc${slot}_conn_cnt] %[sc${slot}_http_req_cnt] %[sc${slot}_sess_cnt]"`,
      ],
      send: TWICE,
    }),
  ),
)

const refusals = (
  [
    ['http-request track-sc0 src', 'unable to find table'],
    ['http-request track-sc0 src table nowhere', 'unable to find table'],
    ['http-request track-sc3 src table all-{id}', 'there is no slot 3'],
    ['http-request track-sc0', 'missing fetch method'],
    ['http-request sc-inc-gpc0(3)', 'invalid slot'],
    ['http-request sc-inc-gpc0', undefined],
    ['http-request sc-inc-gpc(100,0)', undefined],
    ['http-request sc-inc-gpc(0)', 'invalid slot'],
    ['http-request sc-set-gpt0(0)', undefined],
    ['http-request deny if { sc0_get_gpc0(nowhere) 1 }', 'no table'],
    ['http-request deny if { src_get_gpc0 1 }', 'no stick-table'],
    ['http-request deny if { src,table_gpc0(nowhere) 1 }', 'no table'],
    ['http-request deny if { src_get_gpc(100,arrays-{id}) 1 }', undefined],
    ['http-request deny if { sc_get_gpc0(0,bare-{id}) 1 }', undefined],
    ['http-request deny if { src_http_req_rate(bare-{id}) 1 }', undefined],
    ['http-request track-sc0 src table texts-{id}', undefined],
    ['http-request track-sc0 method table numbers-{id}', 'incompatible'],
    ['tcp-request connection track-sc0 path table texts-{id}', 'cannot be asked'],
  ] as const
).map(
  ([rule, expect]): LanguageCase => ({
    name: `loading: ${rule}`,
    covers: [],
    sections,
    frontend: [rule],
    sees: ['load'],
    ...(expect === undefined ? {} : { expect }),
  }),
)

const others: LanguageCase[] = [
  {
    name: 'the first to take a slot keeps it',
    covers: [],
    sections,
    frontend: [
      'http-request track-sc0 src table all-{id}',
      'http-request track-sc0 src table arrays-{id}',
      'http-request sc-inc-gpc1(0)',
    ],
    format: '%[sc0_get_gpc1] %[sc0_http_req_cnt] %[src_get_gpc1(arrays-{id})] %[table_cnt(arrays-{id})]',
  },
  {
    name: "the connection's slot is taken in its requests",
    covers: [],
    sections,
    frontend: ['tcp-request connection track-sc0 src table all-{id}', 'http-request track-sc0 src table arrays-{id}'],
    format: '%[sc0_conn_cnt] %[sc0_http_req_cnt] %[table_cnt(arrays-{id})]',
    send: TWICE,
  },
  {
    name: 'how full tables are',
    covers: ['fetch:table_cnt', 'fetch:table_avl'],
    sections,
    frontend: ['http-request track-sc0 req.hdr(x) table texts-{id}'],
    format: '%[table_cnt(texts-{id})] %[table_avl(texts-{id})]',
    send: [get('/', 'X: a\r\n'), get('/', 'X: b\r\n'), get('/'), get('/', 'X: a\r\n')],
  },
  {
    name: 'a table of its own needs no name',
    covers: [],
    frontend: ['stick-table type ip size 9 store http_req_cnt,gpc0', 'http-request track-sc0 src'],
    format: '%[src_http_req_cnt] %[src_inc_gpc0] %[sc0_get_gpc0] %[table_cnt] %[table_avl]',
    send: TWICE,
  },
  {
    name: 'whether a table knows a value',
    covers: ['converter:in_table'],
    sections,
    frontend: ['http-request track-sc0 src table bare-{id}'],
    format: '%[src,in_table(bare-{id})] %[str(192.0.2.1),in_table(bare-{id})] %[str(abc),in_table(bare-{id})]',
  },
  {
    name: 'how long an entry stays',
    covers: ['converter:table_expire', 'converter:table_idle'],
    sections,
    frontend: ['http-request track-sc0 src table bare-{id}'],
    format:
      '%[src,table_expire(bare-{id}),div(100000)] %[src,table_idle(bare-{id}),div(3000)] %[str(192.0.2.1),table_expire(bare-{id})] %[str(192.0.2.1),table_expire(bare-{id},7)] %[str(192.0.2.1),table_idle(bare-{id},8)] %[str(abc),table_idle(bare-{id},8)]',
  },
  {
    name: 'only a rate is stored',
    covers: [],
    sections,
    format:
      '%[src_inc_gpc0(rates-{id})] %[src_inc_gpc1(rates-{id})] %[src_clr_gpc0(rates-{id})] %[src_gpc0_rate(rates-{id})] %[src_clr_gpc1(rates-{id})]',
    send: TWICE,
  },
  {
    name: 'asking makes an entry only to change it',
    covers: [],
    sections,
    format: '%[src_get_gpc0(all-{id})] %[table_cnt(all-{id})] %[src_clr_gpc0(all-{id})] %[table_cnt(all-{id})]',
  },
  ...(['texts', 'numbers', 'bytes', 'bare'] as const).map(
    (table): LanguageCase => ({
      name: `keys of ${table}`,
      covers: [],
      sections,
      frontend: [`http-request track-sc0 req.hdr(x) table ${table}-{id}`],
      format: `%[table_cnt(${table}-{id})] %[sc0_tracked] %[req.hdr(x),in_table(${table}-{id})] %[str(12),in_table(${table}-{id})] %[int(12),in_table(${table}-{id})] %[bin(3132),in_table(${table}-{id})] %[src,in_table(${table}-{id})]`,
      send: ['12', '12abc', '127.0.0.1', '', '123456789012345678901234567890'].map((x) => get('/', `X: ${x}\r\n`)),
    }),
  ),
  {
    name: 'the key of another table',
    covers: [],
    sections,
    frontend: [
      'http-request track-sc0 src table all-{id}',
      'http-request track-sc1 src table texts-{id}',
      'http-request track-sc2 src table arrays-{id}',
      'http-request sc-inc-gpc0(2)',
    ],
    format:
      '%[sc0_get_gpc0(arrays-{id})] %[sc0_http_req_cnt(texts-{id})] %[sc0_get_gpc0(numbers-{id})] %[sc0_inc_gpc0(arrays-{id})] %[sc0_inc_gpc0(rates-{id})] %[sc0_tracked(numbers-{id})] %[sc0_trackers(arrays-{id})] %[sc0_trackers(rates-{id})]',
  },
  {
    name: 'a tag is cut to 32 bits',
    covers: [],
    sections,
    frontend: ['http-request track-sc0 src table all-{id}', 'http-request sc-set-gpt0(0) int(-1)'],
    format: '%[sc0_get_gpt0]',
  },
  {
    name: 'no slot and no value are 0',
    covers: [],
    sections,
    frontend: [
      'http-request track-sc0 src table all-{id}',
      'http-request sc-set-gpt0(0) 3',
      'http-request sc-inc-gpc0',
      'http-request sc-set-gpt0(0)',
      'http-request sc-inc-gpc(100,0)',
    ],
    format: '%[sc0_get_gpc0] %[sc0_get_gpt0] %[sc_get_gpc(100,0)]',
  },
  {
    name: 'a tag by a question without an answer',
    covers: [],
    sections,
    frontend: [
      'http-request track-sc0 src table all-{id}',
      'http-request sc-set-gpt0(0) 3',
      'http-request sc-set-gpt0(0) req.hdr(x)',
    ],
    format: '%[sc0_get_gpt0]',
  },
  {
    name: 'more slots',
    covers: ['global:tune.stick-counters'],
    since: '2.8',
    alone: true,
    global: ['tune.stick-counters 8'],
    sections,
    frontend: ['http-request track-sc7 src table all-{id}'],
    format: '%[sc_http_req_cnt(7)]',
    expect: '1',
  },
  {
    name: 'the key that is tracked',
    covers: ['fetch:sc_key', 'fetch:sc0_key', 'fetch:sc1_key', 'fetch:sc2_key'],
    since: '3.0',
    sections,
    frontend: [
      'http-request track-sc0 src table all-{id}',
      'http-request track-sc1 str(a) table texts-{id}',
      'http-request track-sc2 int(7) table numbers-{id}',
    ],
    format: '%[sc_key(0)] %[sc0_key] %[sc1_key] %[sc2_key]',
    expect: '127.0.0.1 127.0.0.1 a 7',
  },
  ...(['inc', 'clr'] as const).map(
    (what): LanguageCase => ({
      name: `${what} of a value`,
      covers: [`converter:table_${what}_gpc`, `converter:table_${what}_gpc0`, `converter:table_${what}_gpc1`],
      since: '3.2',
      sections,
      frontend: ['http-request track-sc0 src table arrays-{id}'],
      format: asking([
        `src,table_${what}_gpc(2,arrays-{id})`,
        `src,table_${what}_gpc0(arrays-{id})`,
        `src,table_${what}_gpc1(arrays-{id})`,
      ]),
      expect: what === 'inc' ? '1 1 1' : '0 0 0',
    }),
  ),
  {
    name: 'glitches',
    covers: [
      'sc_glitch_cnt',
      'sc0_glitch_cnt',
      'sc1_glitch_cnt',
      'sc2_glitch_cnt',
      'src_glitch_cnt',
      'sc_glitch_rate',
      'sc0_glitch_rate',
      'sc1_glitch_rate',
      'sc2_glitch_rate',
      'src_glitch_rate',
    ]
      .map((word) => `fetch:${word}`)
      .concat('converter:table_glitch_cnt', 'converter:table_glitch_rate'),
    since: '3.0',
    frontend: [
      'stick-table type ip size 9 store glitch_cnt,glitch_rate(1m)',
      ...[0, 1, 2].map((slot) => `http-request track-sc${slot} src`),
    ],
    format: asking([
      'sc_glitch_cnt(0)',
      'sc0_glitch_cnt',
      'sc1_glitch_cnt',
      'sc2_glitch_cnt',
      'src_glitch_cnt',
      'sc_glitch_rate(0)',
      'sc0_glitch_rate',
      'sc1_glitch_rate',
      'sc2_glitch_rate',
      'src_glitch_rate',
      'src,table_glitch_cnt',
      'src,table_glitch_rate',
    ]),
    expect: '0 0 0 0 0 0 0 0 0 0 0 0',
  },
]

export const cases: readonly LanguageCase[] = [
  ...ofSlots,
  ofBytes,
  ...ofNothing,
  ...notStored,
  ...ofSource,
  ...ofValues,
  ...array,
  ...changes,
  ...tracks,
  ...refusals,
  ...others,
]
