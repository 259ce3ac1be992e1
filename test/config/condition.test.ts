import t from 'tap'
import { type Capabilities, capabilities } from '../../lib/config/capabilities.js'
import { ConditionError, evaluateCondition } from '../../lib/config/condition.js'

const ours: Capabilities = {
  version: '3.5.0',
  features: new Map([
    ['THREAD', false],
    ['EPOLL', true],
  ]),
  enabled: new Set(['EPOLL']),
  tlsLibrary: 'OpenSSL',
  tlsLibraryVersion: '3.0.15+quic',
  fips: false,
}
const variables: Readonly<Record<string, string>> = { HOME: '/root', EMPTY: '' }
const ask = (text: string): boolean | string => {
  try {
    return evaluateCondition(text, { capabilities: ours, lookup: (name) => variables[name] })
  } catch (error) {
    if (error instanceof ConditionError) return error.message
    throw error
  }
}

// Tried on HAProxy 2.6's -cc, where it has the predicate.
const answers: Readonly<Record<string, boolean>> = {
  '': false,
  '0': false,
  '00': false,
  '1': true,
  '-1': true,
  '0x1': true,
  '"1"': true,
  ' 1 ': true,
  '!!1': true,
  '! defined(NOPE)': true,
  '1&&1': true,
  '1 && 0': false,
  '0 || 1 && 0': false,
  '(0||1)&&1': true,
  '!0 && (defined(HOME)||0)': true,
  'defined(HOME)': true,
  'defined(EMPTY)': true,
  'defined()': false,
  defined: false,
  'streq(a,a)': true,
  'streq(a, a)': false,
  'streq("$HOME",/root)': true,
  'streq(,)': true,
  'strneq(a,b)': true,
  'strstr(abc,b)': true,
  'strstr(abc,x)': false,
  'feature(EPOLL)': true,
  'feature(THREAD)': false,
  'feature(epoll)': false,
  'enabled(EPOLL)': true,
  'enabled(SPLICE)': false,
  'version_atleast(2.6)': true,
  'version_atleast(3.5)': true,
  'version_atleast(3.5-dev4)': true,
  'version_atleast(3.5.1)': false,
  'version_atleast(3.6-dev0)': false,
  'version_atleast()': true,
  'version_before(3.5.0)': false,
  'version_before(3.6-dev1)': true,
  'openssl_version_atleast(1.1.1w)': true,
  'openssl_version_atleast(3.0.0-alpha2)': true,
  'openssl_version_atleast(3.0.16)': false,
  'openssl_version_before(4.0.0)': true,
  'ssllib_name_startswith(Open)': true,
  'ssllib_name_startswith(Wolf)': false,
  'awslc_api_atleast(1)': false,
  'awslc_api_before(99)': false,
  'fips_mode()': false,
}

const faults: Readonly<Record<string, string>> = {
  true: "unparsable conditional expression 'true'",
  'nope(1)': "unparsable conditional expression 'nope(1)'",
  '1 1': "unexpected character '1' at the end of conditional expression '1 1'",
  '1x': "unexpected character 'x' at the end of conditional expression '1x'",
  '1 & 1': "unexpected character '&' at the end of conditional expression '1 & 1'",
  '(1': "expected ')' after conditional expression '(1'",
  '1 &&': "unparsable conditional expression '&&'",
  '!': "unparsable conditional expression '!'",
  '1 || nope(3)': "unparsable conditional expression 'nope(3)'",
  '0 && nope(3)': "unparsable conditional expression 'nope(3)'",
  'streq(a)': "missing arguments (got 1/2) of predicate 'streq' used in conditional expression",
  'streq(a,b,c)': "expected ')' after argument 2 of predicate 'streq' used in conditional expression",
  'streq(a,b': "expected ')' in argument 2 of predicate 'streq' used in conditional expression",
  '"1': 'unmatched quote',
}

t.test('conditions are answered as HAProxy 3.5 answers them', async (t) => {
  for (const [text, expected] of Object.entries(answers)) t.equal(ask(text), expected, text)
})

t.test('what cannot be read is a fault, even where it would not matter', async (t) => {
  for (const [text, expected] of Object.entries(faults)) t.equal(ask(text), expected, text)
})

t.test("the process's own answers are honest", async (t) => {
  const { features, version, tlsLibraryVersion } = capabilities()
  t.equal(version, '3.5.0')
  t.equal(features.get('LUA'), false)
  t.equal(features.get('POLL'), true)
  t.equal(tlsLibraryVersion, process.versions.openssl)
})
