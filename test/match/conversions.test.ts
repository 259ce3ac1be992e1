/** The converters as methods of samples in code. */
import t from 'tap'
import { src, srcPort } from '../../lib/match/fetches/connection.js'
import { alwaysTrue } from '../../lib/match/fetches/constant.js'
import { fullHeader, header } from '../../lib/match/fetches/header.js'
import type { Sample } from '../../lib/match/sample.js'
import { Variable } from '../../lib/match/variable.js'
import { exchange } from './context.js'

const context = exchange('/', {
  headers: {
    ab: 'ab',
    host: 'WWW.Example.com:8080',
    list: 'a::b',
    body: '{"user":{"name":"bob","age":42}}',
    token: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.KNhpQaddM-KvyMFGN8cOQJpnkuyBBcJR-zGVHpOOtZM',
  },
})

/** The value as text, and the expression of a haproxy.cfg that gives the same. */
const seen = (sample: Sample<unknown, 'request'>): readonly unknown[] => [sample.ask(context), sample.name]

t.test('each conversion is the converter of that name', async (t) => {
  t.strictSame(seen(header('host').lower().field(1, ':')), ['www.example.com', 'req.hdr(host),lower,field(1,:)'])
  t.strictSame(seen(header('host').portOnly().add(1)), [8081, 'req.hdr(host),port_only,add(1)'])
  t.strictSame(seen(header('list').field(2, ':')), ['', 'req.hdr(list),field(2,:)'])
  t.strictSame(seen(header('list').word(2, ':', 1)), ['b', 'req.hdr(list),word(2,:,1)'])
  t.strictSame(seen(fullHeader('body').json('$.user.name')), ['bob', 'req.fhdr(body),json_query($.user.name)'])
  t.strictSame(fullHeader('body').jsonNumber('$.user.age').ask(context), 42)
  t.strictSame(header('token').jwtPayload('$.sub').ask(context), '7')
  t.strictSame(header('host').regsub('[A-Z]', '_', 'g').ask(context), '___._xample.com:8080')
  t.strictSame(seen(src.mask(24)).map(String), ['192.0.2.0', 'src,ipmask(24)'])
  t.strictSame(src.toInteger().ask(context), 0xc0000201)
  t.strictSame(srcPort.toText().length().ask(context), 5)
  t.strictSame(alwaysTrue.iif('yes', 'no').ask(context), 'yes')
  t.strictSame(alwaysTrue.not().ask(context), false)
})

t.test('bytes', async (t) => {
  const digest = 'FB8E20FC2E4C3F248C60C39BD652F3C1347298BB977B8B4D5903B85055620603'
  t.equal(header('ab').digest('sha256').hex().ask(context), digest)
  t.equal(header('ab').toBytes().sha2().hex().ask(context), digest)
  t.equal(header('list').toBytes().slice(0, 2).hex().ask(context), '613A')
  t.equal(header('list').toBytes().hexChunks('-', 3, true).ask(context), '613A3A')
  t.equal(header('list').base64().base64Decode().toText().ask(context), 'a::b')
})

t.test('conditions of what was converted', async (t) => {
  t.equal(header('host').hostOnly().is('www.example.com').test(context), true)
  t.equal(header('host').hostOnly().reverseDomain().startsWith('com.example').test(context), true)
  t.equal(fullHeader('body').jsonNumber('$.user.age').gt(41).test(context), true)
  t.equal(src.mask(8).is('192.0.0.0').test(context), true)
  t.equal(srcPort.odd().isFalse().test(context), true)
})

t.test('variables', async (t) => {
  Variable.parse('txn.secret').set(context, 'a::b')
  t.equal(header('list').isSecret('txn.secret').isTrue().test(context), true)
  t.equal(header('ab').isSecret('txn.secret').isTrue().test(context), false)
  t.equal(header('ab').isSecret('txn.none').ask(context), undefined)
  t.equal(header('host').concat('/', 'txn.secret').ask(context), 'WWW.Example.com:8080/a::b')
})

t.test('any converter by its name', async (t) => {
  t.equal(header('host').convert('str', 'word', 1, '.').is('WWW').test(context), true)
  t.equal(srcPort.convert('bin', 'htonl').hex().ask(context), '00009C40')
  t.equal(fullHeader('body').convert('int', 'json_query', '$.user.age').add(1).ask(context), 43)
  t.throws(() => header('host').convert('str', 'word'), /'index': is missing/)
  t.throws(() => header('host').convert('str', 'nothing'), /converter 'nothing': is not known/)
  t.throws(() => header('host').field(0, '.'), /counted from 1/)
})
