/** Cases of commas in expressions with nothing between them. */
import type { LanguageCase } from '../case.js'

const kept = (expression: string): LanguageCase => ({
  name: `set-var: ${expression}`,
  covers: [],
  frontend: [
    `http-request set-var(txn.seen) ${expression}`,
    'http-request return status 200 hdr x-seen <%[var(txn.seen)]>',
  ],
  send: 'GET /Path HTTP/1.1\r\nHost: Www\r\n\r\n',
})

const formatted = (expression: string, extra: Partial<LanguageCase> = {}): LanguageCase => ({
  name: `format: ${expression}`,
  covers: [],
  expression,
  send: 'GET /Path HTTP/1.1\r\nHost: Www\r\n\r\n',
  ...extra,
})

const refused = { sees: ['load'], expect: "unknown converter ''" } as const

export const cases: readonly LanguageCase[] = [
  ...['path,', 'path,lower,', 'path,,lower', 'path,,', 'req.hdr(host),', 'req.hdr(host),,lower,,'].map(kept),
  formatted('path,,lower'),
  formatted('req.hdr(host),,,upper'),
  formatted('path,', refused),
  formatted('path,lower,', refused),
  { ...formatted(',path', { sees: ['load'], expect: 'missing fetch method' }) },
  { name: 'an ACL', covers: [], condition: '{ path,lower, /path }', send: 'GET /Path HTTP/1.1\r\nHost: x\r\n\r\n' },
]
