/** Persistence by cookies: what clients, servers and the proxy say of the cookie, in all modes; states of servers; what is odd, old, forged or huge. */

import type { CookieSetup, CookieStep } from '../support/cookie-trial.js'

/** A request with these `Cookie` fields. */
const cookies = (...given: string[]): CookieStep => ({ cookies: given })
/** A request whose answer has these fields. */
const give = (...fields: string[]): CookieStep => ({ give: fields })
const order = (text: string): CookieStep => ({ order: text })
const at = (path: string, step: CookieStep = {}): CookieStep => ({ ...step, path })
const post = (step: CookieStep = {}): CookieStep => ({ ...step, method: 'POST' })
const answered = (status: string, step: CookieStep = {}): CookieStep => ({ ...step, status })

const INDIRECT = 'cookie SRV insert indirect'
const DEAD = [
  'server s1 127.0.0.1:{1} cookie a',
  'server s2 127.0.0.1:{dead} cookie b',
  'server s3 127.0.0.1:{3} cookie c',
]
const ETAG = 'ETag: "x"'

/** What clients and servers say in the usual course of things. */
const usual: readonly CookieStep[] = [
  {},
  cookies('SRV=b; x=1'),
  cookies('x=1; SRV=zz'),
  cookies('SRV='),
  cookies('a=1;SRV=c;b=2'),
  cookies('SRV=b', 'SRV=c'),
  cookies('SRV=b; SRV=c'),
  post(cookies('SRV=b')),
  { cookies: ['SRV=a'], give: ['Set-Cookie: SRV=server; path=/foo', 'Cache-Control: public'] },
  give('Set-Cookie: SRV=server; path=/foo', 'Cache-Control: public', 'Set-Cookie: other=1'),
  post(give('Set-Cookie: SRV=server')),
  { cookies: ['SRV=b'], give: ['Cache-Control: max-age=3'] },
  { cookies: ['SRV=zz'], give: ['Set-Cookie: SRV=v; path=/a'] },
  cookies('SRV=b|x'),
]

const modes: readonly CookieSetup[] = [
  'insert',
  'insert indirect',
  'insert indirect nocache',
  'insert postonly',
  'insert preserve',
  'insert indirect preserve',
  'rewrite',
  'rewrite nocache',
  'prefix',
  'prefix indirect',
  '',
  'indirect',
  'indirect preserve',
  'nocache',
  'postonly',
  'insert indirect httponly secure domain .x.com domain y.com attr SameSite=Strict attr z=1 maxidle 60 maxlife 3600',
].map((mode) => ({ name: `mode '${mode}'`, backend: [`cookie SRV ${mode}`], steps: usual }))

const dates: readonly CookieStep[] = [
  'SRV=b',
  'SRV=b|{date:-20}',
  'SRV=b|{date:-100}',
  'SRV=b|{date:-20}|{date:-1000}',
  'SRV=b|{date:-20}|{date:-5000}',
  'SRV=b|{date:-100}|{date:-1000}',
  'SRV=b|{date:-100}|{date:-5000}',
  'SRV=b|{date:1000}',
  'SRV=b|{date:90000}',
  'SRV=b||{date:-20}',
  'SRV=b||{date:-5000}',
  'SRV=b||{date:90000}',
  'SRV=b|xx',
  'SRV=b|',
  'SRV=b|!!!!!',
  'SRV=b|{date:-20}|',
  'SRV=b|{date:-20}|{date:-1000}|zz',
  'SRV=b|{date:-20}x',
  'SRV=zz|{date:-100}',
  'SRV=zz|{date:-20}|{date:-1000}',
  'SRV=b|{date:-100}; SRV=c|{date:-20}',
  'SRV=zz; SRV=b|{date:-100}',
  'SRV=b|{date:-100}; SRV=zz',
  'SRV=b|{date:-20}; SRV=c|{date:-100}',
  'SRV=b|{date:-20}|{date:-1000}; SRV=c|{date:-20}|{date:-500}',
  'SRV=b|{date:-20}|{date:-1000}; SRV=c|{date:-20}|',
  'SRV=b|{date:-20}|{date:-1000}; SRV=c',
].map((text) => cookies(text))

const dated: readonly CookieSetup[] = [
  'insert maxidle 60',
  'insert maxlife 3600',
  'insert maxidle 60 maxlife 3600',
  'insert',
  'insert indirect maxidle 60',
  'insert postonly maxidle 60',
  'insert maxidle 60 preserve',
  'rewrite maxidle 60',
  'maxidle 60',
  'insert maxidle 500ms',
  'insert maxidle 0',
].map((mode) => ({ name: `dates, '${mode}'`, backend: [`cookie SRV ${mode}`], steps: [...dates, {}] }))

/** What attackers send, and what clients that are old or broken do. */
const odd: readonly CookieStep[] = [
  ...['a=1 ; SRV=b ; c=2', 'SRV = b', 'SRV =b; x=1', 'SRV= b; x=1', 'SRV=b ; x=1', ' SRV=b', '\tSRV=b', 'SRV=b\tx;y=1'],
  ...['SRV="b"', 'SRV="b";x=1', 'x="a;SRV=c";SRV=b', 'x="a,SRV=c";SRV=b', 'x="a\\";SRV=c";SRV=b', 'x="unclosed; SRV=b'],
  ...[
    'a="1"b;SRV=b',
    'SRV="b',
    '"SRV=c";SRV=b',
    'x"y;SRV=b',
    'x"y";SRV=b',
    '"x;SRV=c";SRV=b',
    'x=\\";SRV=b',
    'x="a"";SRV=b',
  ],
  ...[
    'x=1,SRV=b',
    'x=1, SRV=b,y=2',
    'a=1,SRV=b;c',
    'SRV=b,x=1',
    ',SRV=b',
    'x,,SRV=b,,y',
    'SRV',
    'SRV;x=1',
    'x;SRV=b;y',
  ],
  ...[
    '$Version=1; SRV=b; $Path=/',
    '$Version=1; SRV=b; $Path=/; $Domain=x; y=1; $Path=/',
    '$SRV=b; SRV=c',
    '$x=1; SRV=b',
  ],
  ...[
    '$x; SRV=b',
    'SRV=b; $x=1; y=1',
    'SRV=b; $x=1',
    'y=1; $x=1; SRV=b',
    'SRV=zz; $x=1; y=1',
    'SRV=b ;$a ;b',
    '$x = 1; SRV = b',
  ],
  ...[
    'srv=b',
    'SRV=B',
    'XSRV=b',
    'SRVX=b; SRV=c',
    '=b; SRV=b',
    'SRV==b',
    'SRV=b=c',
    'SRV=b c=d',
    'SRV x=b',
    'SRV=%62',
    'SRV=b$x; y=1',
  ],
  ...[
    ';SRV=b',
    '; ; SRV=b; ;',
    ';;x=1;;SRV=b;;',
    'SRV=b;',
    'x=1;SRV=b;',
    'SRV=b;;',
    'SRV=b; ',
    ';SRV=b;',
    ' ; SRV=b',
    '; ;SRV=b',
  ],
  ...['SRV=b; SRV=b; z=1; SRV=c', 'SRV=zz; SRV=b', 'a=1; SRV=b; SRV=c; SRV=d; e=1', 'SRV=b; $x=1; SRV=c; y=1'],
  ...[
    'SRV=b; a=1; $x=1; SRV=c; $y=1; z=1',
    '$v=1; SRV=b; a=1; $x=1; SRV=c; $y=1',
    '$v=1; SRV=b; $a=1; $x=1; SRV=c; $y=1',
  ],
  ...[
    'x= ; SRV=b',
    'x=;SRV=b',
    'a ; SRV=b',
    'a=1 \t;\tSRV=b \t; \tc',
    'x = 1; y = 2',
    'x = "1 ; 2" ; SRV=b',
    'x =\t1',
    ' = 1; SRV=b',
  ],
  ...[
    '  x = 1 ;  SRV = b  ;  y = 2  ; SRV = c',
    'a=1;SRV=b;  b = 1 ; c = 2',
    'x: 1; SRV=b',
    'SRV=__proto__; __proto__=b',
    '__proto__=SRV',
  ],
  ...[
    '',
    ';',
    '\u0080\u00ff=1; SRV=b',
    `SRV=${'b'.repeat(3000)}`,
    `${';'.repeat(3000)}SRV=b`,
    `x="${'\\"'.repeat(1500)};SRV=b`,
  ],
  ...[
    `${Array.from({ length: 900 }, (_, n) => `a${n}=1`).join(';')};SRV=b`,
    `${'SRV=zz;x;'.repeat(900)}SRV=b`,
    `${'SRV=zz;$x;'.repeat(900)}SRV=b`,
  ],
].map((text) => cookies(text))

const requests: readonly CookieSetup[] = [
  ...['insert indirect', 'insert', 'prefix', 'rewrite', ''].map((mode) => ({
    name: `odd cookies, '${mode}'`,
    backend: [`cookie SRV ${mode}`],
    steps: [
      ...odd,
      cookies('x=1', 'SRV=b', 'y=1'),
      cookies('x=1; SRV=zz', 'SRV=b'),
      cookies('', 'SRV=b'),
      cookies(';', 'SRV=b'),
    ],
  })),
  {
    name: 'prefixes',
    backend: ['cookie SRV prefix'],
    steps: [
      ...[
        'SRV=b~v',
        'SRV=b~',
        'SRV=~v',
        'SRV=b~v~w',
        'SRV=zz~v',
        'SRV=b',
        'x=1; SRV=b~v; y=2',
        'SRV=b ~v',
        'SRV= b~v',
        'SRV="b~v"',
      ],
      ...[
        'SRV=b~"v"',
        'SRV=v',
        'SRV=b~v; SRV=c~w',
        'SRV=zz~v; SRV=b~w',
        'SRV=b|x~v',
        'SRV=b~v; $Path=/',
        'x=1;SRV=b~v;y=2',
      ],
      ...['x=1 ;SRV = b~v ;y=2', 'SRV=b~v', `SRV=b~${'~'.repeat(3000)}`],
    ].map((text) => cookies(text)),
  },
]

const setCookies: readonly CookieStep[] = [
  ...[
    'SRV=v; path=/a',
    'SRV=v, o=1; x=2',
    'o=1, SRV=v',
    'o=1; SRV=v',
    'SRV = v ; path=/',
    'SRV',
    'SRV=',
    'SRV; path=/',
    'SRV="v;w"; path=/',
  ],
  ...[
    'srv=v',
    'SRVX=v',
    '$SRV=v',
    'SRV=v w; path=/',
    'SRV=v|x',
    'SRV=zz~v',
    '  SRV=v',
    'SRV=v;',
    ';SRV=v',
    'x="a, SRV=c"',
    'SRV=v,SRV=w',
  ],
  ...['=v', '', 'SRV==v', 'SRV=\u00ff', `SRV=${'w'.repeat(3000)}`],
  ...[
    'x = 1; a = 2',
    ' = v',
    'x =',
    'x = "a ; b" ; c',
    'x , y = 1',
    'SRV = ',
    'x\t=\t1, SRV = v',
    '"x = 1"',
    'x = = 1',
    'SRV , x=1',
  ],
].map((text) => give(`Set-Cookie: ${text}`))

const responses: readonly CookieSetup[] = [
  ...['insert', 'insert preserve', 'rewrite', 'prefix', 'indirect'].map((mode) => ({
    name: `cookies of servers, '${mode}'`,
    backend: [`cookie SRV ${mode}`],
    steps: [
      ...setCookies,
      give('Set-Cookie2: SRV=v; Version=1'),
      give('Set-Cookie: SRV=v', 'Set-Cookie: SRV=w'),
      give(
        'Set-Cookie: x=1; expires=Wed, 21 Oct 2015 07:28:00 GMT',
        'Set-Cookie: SRV=v; expires=Wed, 21 Oct 2015 07:28:00 GMT',
      ),
    ],
  })),
  {
    name: 'nocache',
    backend: ['cookie SRV insert nocache'],
    steps: [
      {},
      ...[
        'public',
        'private',
        'max-age=3',
        's-maxage=3',
        'public, max-age=3',
        'max-age=0, s-maxage=3',
        's-maxage=3, max-age=0',
      ].map((control) => give(`Cache-Control: ${control}`)),
      ...['max-age=3, private', 'public, no-cache', 'max-age=x', 'max-age="3"'].map((control) =>
        give(`Cache-Control: ${control}`),
      ),
      ...[
        'no-store',
        'no-cache',
        'private',
        'max-age=0',
        'no-cache="set-cookie"',
        'no-cache="x"',
        's-maxage=0',
        'No-Store',
      ].map((control) => give(ETAG, `Cache-Control: ${control}`)),
      ...['public', 'private="x"', 'max-age=00', 'max-age=0,', 'foo'].map((control) =>
        give(ETAG, `Cache-Control: ${control}`),
      ),
      give(ETAG, 'Cache-Control: foo', 'Cache-Control: no-cache'),
      give('Expires: x'),
      give('Expires: 0', 'Cache-Control: no-store, max-age=3'),
      give('Last-Modified: Wed, 21 Oct 2015 07:28:00 GMT'),
      give('ETag:'),
      give(ETAG, 'Pragma: no-cache'),
      give('Pragma: no-cache', 'Cache-Control: max-age=3'),
      give(ETAG, 'Vary: *'),
      ...[
        '203 N',
        '204 N',
        '206 P',
        '300 M',
        '301 M',
        '302 F',
        '304 N',
        '307 R',
        '404 N',
        '405 M',
        '410 G',
        '414 U',
        '500 E',
        '501 N',
      ].map((status) => answered(status, give(ETAG))),
      answered('302 F', give(ETAG, 'Cache-Control: public')),
      answered('302 F', give(ETAG, 'Cache-Control: max-age=3')),
      ...['HEAD', 'POST', 'PUT', 'OPTIONS', 'TRACE', 'DELETE', 'FOO'].map((method) => ({ ...give(ETAG), method })),
      post(give('Cache-Control: public')),
      post(give(ETAG, 'Cache-Control: public')),
      { ...give(ETAG), fields: ['Authorization: Basic eDp5', 'Pragma: no-cache'] },
      { ...give(ETAG), cookies: ['SRV=a'] },
      { ...give(ETAG), cookies: ['SRV=zz'] },
    ],
  },
  ...['rewrite nocache', 'insert preserve nocache'].map((mode) => ({
    name: `'${mode}'`,
    backend: [`cookie SRV ${mode}`],
    steps: [give(ETAG), give(ETAG, 'Set-Cookie: SRV=v')],
  })),
  {
    name: 'kinds of answers',
    backend: [INDIRECT],
    steps: [
      answered('101 X', {
        fields: ['Connection: upgrade', 'Upgrade: foo'],
        give: ['Upgrade: foo', 'Connection: upgrade'],
      }),
      ...['304 N', '204 N', '500 E', '404 N'].map((status) => answered(status)),
      { method: 'HEAD' },
      { method: 'OPTIONS' },
      ...['PUT', 'post', 'POST'].map((method) => ({ method })),
    ],
  },
  {
    name: 'no value',
    backend: [INDIRECT],
    servers: ['server s1 127.0.0.1:{1}', 'server s2 127.0.0.1:{2} cookie b', 'server s3 127.0.0.1:{3}'],
    steps: [{}, {}, {}, ...['SRV=', 'SRV=s1', 'SRV=b', 'SRV=zz', 'SRV=zz', 'SRV=zz'].map((text) => cookies(text))],
  },
  ...['rewrite', 'prefix', 'insert'].map((mode) => ({
    name: `no value, '${mode}'`,
    backend: [`cookie SRV ${mode}`],
    servers: ['server s1 127.0.0.1:{1}', 'server s2 127.0.0.1:{2} cookie b'],
    steps: [
      give('Set-Cookie: SRV=v'),
      give('Set-Cookie: SRV=v'),
      { cookies: ['SRV=v~w'], give: ['Set-Cookie: SRV=v'] },
    ],
  })),
  {
    name: 'no value, dates',
    backend: ['cookie SRV insert maxidle 60 maxlife 60 domain a.b httponly nocache'],
    servers: ['server s1 127.0.0.1:{1}'],
    steps: [{}, give(ETAG)],
  },
]

const states: readonly CookieSetup[] = [
  {
    name: 'orders',
    backend: ['cookie SRV insert'],
    steps: [
      cookies('SRV=b'),
      order('set server {be}/s2 state drain'),
      cookies('SRV=b'),
      {},
      {},
      order('set server {be}/s2 state maint'),
      cookies('SRV=b'),
      cookies('SRV=b; SRV=zz'),
      cookies('SRV=zz; SRV=b'),
      cookies('SRV=b; SRV=c'),
      order('set server {be}/s2 state ready'),
      cookies('SRV=b'),
      order('set server {be}/s2 weight 0'),
      cookies('SRV=b'),
      {},
      {},
      order('set server {be}/s2 weight 1'),
      order('set server {be}/s2 health down'),
      cookies('SRV=b'),
      order('set server {be}/s2 health stopping'),
      cookies('SRV=b'),
      order('set server {be}/s2 health up'),
      cookies('SRV=b'),
      order('set server {be}/s3 state maint'),
      cookies('SRV=b; SRV=c'),
      cookies('SRV=c; SRV=zz; SRV=b'),
    ],
  },
  {
    name: 'option persist',
    backend: ['cookie SRV insert', 'option persist'],
    steps: [
      order('set server {be}/s2 state maint'),
      ...['SRV=b', 'SRV=zz', 'SRV=b; SRV=c', 'SRV=zz; SRV=b; SRV=c'].map((text) => cookies(text)),
      {},
      order('set server {be}/s2 state ready'),
      order('set server {be}/s2 health down'),
      cookies('SRV=b'),
    ],
  },
  {
    name: 'force-persist',
    backend: ['cookie SRV insert', 'force-persist if { path /f }', 'http-request set-path /g'],
    steps: [
      order('set server {be}/s2 state maint'),
      cookies('SRV=b'),
      ...['SRV=b', 'SRV=zz'].map((text) => at('/f', cookies(text))),
      at('/f'),
    ],
  },
  ...['insert', 'insert indirect', 'prefix', 'rewrite', 'insert maxidle 60'].map((mode) => ({
    name: `ignore-persist, '${mode}'`,
    backend: [`cookie SRV ${mode}`, 'ignore-persist if { path /i }'],
    steps: [
      ...['SRV=b; x=1', 'SRV=b', 'SRV=zz', 'SRV=b~v; x=1', 'SRV=b|{date:-100}', 'SRV=b|{date:-20}'].map((text) =>
        at('/i', cookies(text)),
      ),
      at('/i'),
      at('/i', { cookies: ['SRV=b'], give: ['Set-Cookie: SRV=v'] }),
      cookies('SRV=b'),
    ],
  })),
  {
    name: 'conditions before rules',
    backend: [
      'cookie SRV insert',
      'ignore-persist if { req.cook(SRV) b }',
      'force-persist if { req.hdr(x-f) 1 }',
      'http-request set-header x-f 1',
      'http-request set-header cookie "SRV=c"',
    ],
    steps: [cookies('SRV=b'), order('set server {be}/s3 state maint'), cookies('SRV=a'), cookies('SRV=b')],
  },
  {
    name: 'one value, several servers',
    backend: [INDIRECT],
    servers: [
      'server s1 127.0.0.1:{1} cookie a',
      'server s2 127.0.0.1:{2} cookie a',
      'server s3 127.0.0.1:{3} cookie a backup',
    ],
    steps: [
      cookies('SRV=a'),
      cookies('SRV=a'),
      ...['s1 state drain', 's1 state maint', 's2 state maint'].flatMap((to) => [
        order(`set server {be}/${to}`),
        cookies('SRV=a'),
      ]),
      {},
      order('set server {be}/s3 state maint'),
      cookies('SRV=a'),
      order('set server {be}/s1 state ready'),
      cookies('SRV=a'),
    ],
  },
  {
    name: 'one value, several servers, option persist',
    backend: [INDIRECT, 'option persist'],
    servers: [
      'server s1 127.0.0.1:{1} cookie a',
      'server s2 127.0.0.1:{2} cookie a',
      'server s3 127.0.0.1:{3} cookie b',
    ],
    steps: [
      order('set server {be}/s1 state maint'),
      cookies('SRV=a'),
      order('set server {be}/s2 state maint'),
      cookies('SRV=a'),
    ],
  },
  {
    name: 'backup',
    backend: [INDIRECT],
    servers: [
      'server s1 127.0.0.1:{1} cookie a',
      'server s2 127.0.0.1:{2} cookie b backup',
      'server s3 127.0.0.1:{3} cookie c',
    ],
    steps: [cookies('SRV=b'), {}, {}, {}],
  },
  {
    name: 'nobody',
    backend: [INDIRECT],
    servers: ['server s1 127.0.0.1:{1} cookie a disabled'],
    steps: [{}, cookies('SRV=a'), cookies('SRV=b')],
  },
  {
    name: 'odd values',
    backend: [INDIRECT],
    servers: [
      'server s1 127.0.0.1:{1} cookie "a b"',
      'server s2 127.0.0.1:{2} cookie a|b',
      'server s3 127.0.0.1:{3} cookie "a;b"',
    ],
    steps: [{}, {}, {}, ...['SRV=a b', 'SRV=a|b', 'SRV=a;b', 'SRV="a;b"'].map((text) => cookies(text))],
  },
  {
    name: 'default-server, server-template',
    backend: [INDIRECT],
    servers: [
      'default-server cookie d',
      'server s1 127.0.0.1:{1}',
      'server s2 127.0.0.1:{2} cookie b',
      'server-template t 1-2 127.0.0.1:{3} cookie t',
    ],
    steps: [{}, {}, {}, {}, cookies('SRV=d'), cookies('SRV=t')],
  },
  {
    name: 'names that are no tokens',
    backend: ['cookie "S R" insert indirect'],
    steps: [{}, cookies('S R=b'), cookies('S=1; S R=b')],
  },
  { name: 'a name that nobody can send', backend: ['cookie S=R insert'], steps: [{}, cookies('S=R=b')] },
  {
    name: 'two lines',
    backend: ['cookie OLD insert domain a.b attr x', 'cookie SRV insert attr y'],
    steps: [{}, cookies('OLD=a'), cookies('SRV=b')],
  },
]

const failing: readonly CookieSetup[] = [
  ...[
    ['retries 1'],
    ['retries 2', 'option redispatch'],
    ['retries 2', 'option redispatch 1'],
    ['retries 3', 'option redispatch 2', 'balance source'],
    ['retries 0', 'option redispatch'],
  ].map((lines) => ({
    name: lines.join(', '),
    backend: [INDIRECT, ...lines],
    servers: DEAD,
    steps: [cookies('SRV=b'), cookies('SRV=b; x=1')],
  })),
  ...['option persist', 'force-persist if { path / }'].map((line) => ({
    name: `redispatch, ${line}`,
    backend: [INDIRECT, 'retries 1', 'option redispatch', line],
    servers: DEAD,
    steps: [
      order('set server {be}/s2 state maint'),
      cookies('SRV=b'),
      order('set server {be}/s2 state ready'),
      cookies('SRV=b'),
    ],
  })),
  {
    name: 'redispatch, rewrite',
    backend: ['cookie SRV rewrite', 'retries 1', 'option redispatch 1'],
    servers: DEAD,
    steps: [{ cookies: ['SRV=b'], give: ['Set-Cookie: SRV=v'] }],
  },
  {
    name: 'redispatch, dates',
    backend: ['cookie SRV insert maxlife 1h maxidle 1h', 'retries 1', 'option redispatch 1'],
    servers: DEAD,
    steps: [cookies('SRV=b|{date:-40}|{date:-100}')],
  },
  {
    name: 'redispatch of who holds on to a drained server',
    backend: [INDIRECT, 'retries 2', 'option redispatch'],
    servers: DEAD,
    steps: [order('set server {be}/s2 state drain'), cookies('SRV=b')],
  },
  {
    name: 'all refuse',
    backend: [INDIRECT, 'retries 2', 'option redispatch'],
    servers: [
      'server s1 127.0.0.1:{dead} cookie a',
      'server s2 127.0.0.1:{dead} cookie b',
      'server s3 127.0.0.1:{dead} cookie c',
    ],
    steps: [cookies('SRV=b'), cookies('x=1')],
  },
  {
    name: 'the only one refuses',
    backend: [INDIRECT, 'retries 1', 'option redispatch'],
    servers: ['server s1 127.0.0.1:{dead} cookie a'],
    steps: [{}, cookies('SRV=a'), cookies('SRV=b')],
  },
]

const rules: readonly CookieSetup[] = [
  {
    name: 'use-server',
    backend: [INDIRECT, 'use-server s3 if { path /u }', 'use-server s2 if { path /n }', 'use-server s1 if { path /n }'],
    steps: [
      ...['SRV=b; x=1', 'SRV=zz', 'SRV=c'].map((text) => at('/u', cookies(text))),
      at('/u'),
      order('set server {be}/s3 state maint'),
      at('/u', cookies('SRV=b')),
      at('/u'),
      order('set server {be}/s2 state maint'),
      at('/n'),
    ],
  },
  {
    name: 'use-server, prefix',
    backend: ['cookie SRV prefix', 'use-server s3 if { path /u }'],
    steps: [at('/u', cookies('SRV=b~v; x=1')), at('/u', { cookies: ['SRV=b~v'], give: ['Set-Cookie: SRV=w'] })],
  },
  {
    name: 'use-server, dates',
    backend: ['cookie SRV insert maxidle 60', 'use-server s3 if { path /u }'],
    steps: [
      ...['SRV=c|{date:-20}', 'SRV=c|{date:-200}', 'SRV=b|{date:-20}'].map((text) => at('/u', cookies(text))),
      at('/u'),
    ],
  },
  {
    name: 'use-server, option persist',
    backend: [INDIRECT, 'option persist', 'use-server s3 if { path /u }'],
    steps: [order('set server {be}/s3 state maint'), at('/u'), at('/u', cookies('SRV=b'))],
  },
  {
    name: 'use-server by an expression',
    backend: [INDIRECT, 'use-server %[path,bytes(1)] if { path -m found }', 'use-server s3 if { path -m found }'],
    steps: [at('/nope'), order('set server {be}/s2 state maint'), at('/s2'), at('/s1')],
  },
  ...[[], [INDIRECT]].flatMap((lines) =>
    [['retries 1'], ['retries 2', 'option redispatch']].map((tries) => ({
      name: `use-server refuses, ${[...lines, ...tries].join(', ')}`,
      backend: [...lines, ...tries, 'use-server s2 if { path /u }'],
      servers: DEAD,
      steps: [at('/u'), at('/u', cookies('SRV=b'))],
    })),
  ),
  {
    name: 'before and behind rules',
    frontend: [
      'http-response set-header f1 %[res.fhdr(set-cookie)]',
      'http-after-response set-header f2 %[res.fhdr(set-cookie)]',
    ],
    backend: [
      INDIRECT,
      'http-request set-header x-told %[req.cook(SRV)]',
      'http-response set-header b1 %[res.fhdr(set-cookie)]',
      'http-after-response set-header b2 %[res.fhdr(set-cookie)]',
      'http-response del-header set-cookie if { res.hdr(x-del) -m found }',
    ],
    steps: [{}, cookies('SRV=b'), give('x-del: 1', 'Set-Cookie: SRV=z')],
  },
  {
    name: 'answers of rules',
    frontend: ['http-request return status 200 if { path /frontend }', 'http-request deny if { path /refused }'],
    backend: [
      INDIRECT,
      'http-request return status 201 if { path /backend }',
      'http-request redirect location /x if { path /redirect }',
      'http-request deny if { path /deny }',
      'http-request deny deny_status 429 if { path /many }',
      'http-request tarpit if { path /tarpit }',
      'timeout tarpit 10ms',
      'http-response return status 202 if { res.hdr(x-return) -m found }',
      'http-response deny if { res.hdr(x-deny) -m found }',
    ],
    steps: [
      ...['frontend', 'refused', 'backend', 'redirect', 'deny', 'many', 'tarpit'].map((path) =>
        at(`/${path}`, cookies('SRV=b')),
      ),
      at('/deny'),
      give('x-return: 1'),
      give('x-deny: 1'),
      { cookies: ['SRV=b'], give: ['x-deny: 1'] },
      { cookies: ['SRV=b'], give: ['no field'] },
    ],
  },
  ...['insert indirect', 'prefix'].map((mode) => ({
    name: `capture cookie, '${mode}'`,
    frontend: ['capture cookie SRV len 20'],
    backend: [`cookie SRV ${mode}`],
    steps: [
      {},
      cookies('SRV=b'),
      cookies('SRV=b~x'),
      cookies('SRV=zz'),
      { cookies: ['SRV=b'], give: ['Set-Cookie: SRV=v'] },
    ],
  })),
]

const dynamic: readonly CookieSetup[] = [
  {
    name: 'dynamic',
    backend: ['cookie SRV insert dynamic', 'dynamic-cookie-key secret'],
    servers: ['server s1 127.0.0.1:{1}', 'server s2 127.0.0.1:{2} cookie b', 'server s3 localhost:{3}'],
    steps: [
      {},
      {},
      {},
      cookies('{last}'),
      order('set dynamic-cookie-key backend {be} other'),
      cookies('{last}'),
      cookies('{last}'),
      order('disable dynamic-cookie backend {be}'),
      cookies('{last}'),
      order('enable dynamic-cookie backend {be}'),
      {},
      {},
      order('set server {be}/s1 addr 127.0.0.2'),
      order('set server {be}/s1 addr 127.0.0.1'),
      ...Array.from({ length: 24 }, (_, n) => [order(`set dynamic-cookie-key backend {be} key-${n}`), {}]).flat(),
    ],
  },
  {
    name: 'dynamic without a key',
    backend: ['cookie SRV insert dynamic'],
    servers: ['server s1 127.0.0.1:{1}', 'server s2 127.0.0.1:{2} cookie b'],
    steps: [
      {},
      {},
      cookies('{last}'),
      order('set dynamic-cookie-key backend nobody x'),
      order('set dynamic-cookie-key backend {be}'),
      order('enable dynamic-cookie backend nobody'),
    ],
  },
  {
    name: 'a key alone',
    backend: ['cookie SRV insert', 'dynamic-cookie-key secret'],
    servers: ['server s1 127.0.0.1:{1}'],
    steps: [{}, order('enable dynamic-cookie backend {be}'), {}, cookies('{last}')],
  },
]

/** Texts put together by chance, the same ones in each run. */
function chance(letters: readonly string[], most: number, seed: number): () => string {
  let state = seed
  const next = (count: number): number => {
    state = (state * 1103515245 + 12345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * count)
  }
  return () => Array.from({ length: 1 + next(most) }, () => letters[next(letters.length)]).join('')
}

const sent = [
  'SRV',
  'SRV=',
  '=',
  'b',
  'c',
  ';',
  ';',
  ', ',
  ' ',
  '\t',
  '"',
  '\\',
  '$',
  '~',
  '|',
  'a=1',
  'x',
  '$x=1',
  '; SRV=b',
  '|AAAAB',
  '\x80',
]
const said = ['SRV', '=', 'v', ';', ',', ' ', '"', 'x=1', '; path=/', '~', '|', 'SRV=v']

const byChance: readonly CookieSetup[] = [
  'insert indirect',
  'insert maxidle 60 maxlife 300',
  'prefix',
  'rewrite',
  'insert preserve',
].map((mode, index) => {
  const cookie = chance(sent, 16, 4711 + index)
  const field = chance(said, 8, 815 + index)
  return {
    name: `by chance, '${mode}'`,
    backend: [`cookie SRV ${mode}`],
    steps: Array.from({ length: 100 }, (_, n) => ({
      cookies: n % 3 === 0 ? [cookie(), cookie()] : [cookie()],
      give: [`Set-Cookie: ${field()}`],
    })),
  }
})

const counted: readonly CookieSetup[] = [
  {
    name: 'counts',
    backend: ['cookie SRV insert', 'use-server s3 if { path /u }', 'http-request deny if { path /deny }'],
    steps: [
      {},
      cookies('SRV=b'),
      cookies('SRV=b'),
      cookies('SRV=zz'),
      at('/u'),
      at('/deny', cookies('SRV=b')),
      at('/deny'),
      order('set server {be}/s2 state maint'),
      cookies('SRV=b'),
      order('show stat {be} 6 -1'),
    ],
  },
  ...[['retries 2', 'option redispatch'], ['retries 1'], ['retries 1', 'option persist']].map((lines) => ({
    name: `counts, ${lines.join(', ')}`,
    backend: ['cookie SRV insert', ...lines],
    servers: DEAD,
    steps: [cookies('SRV=b'), cookies('SRV=a'), cookies('SRV=b'), order('show stat {be} 6 -1')],
  })),
]

export const cookieSetups: readonly CookieSetup[] = [
  ...modes,
  ...dated,
  ...requests,
  ...responses,
  ...states,
  ...failing,
  ...rules,
  ...dynamic,
  ...counted,
  ...byChance,
]
