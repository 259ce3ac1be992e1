/** Converters that are newer than HAProxy 2.6, by what its later manuals say of them. */
import type { LanguageCase } from '../case.js'
import { newer, refusals } from '../support/conversions.js'

/** A head with a maximum segment size, selective acknowledgements, time stamps and a window scale; ports 40000 and 80. */
const tcp =
  '9c40005001020304' + '00000000a002ffff00000000' + '020405b4' + '0402' + '080a0000000100000000' + '01' + '030307'
/** From 192.0.2.1 to 198.51.100.2, not to be fragmented. */
const ipv4 = `4510003c0001400040060000c0000201c6336402${tcp}`
const udp = '0035003500080000'
/** UDP behind destination options. */
const ipv6Options = `60a0000000103cff20010db800000000000000000000000120010db80000000000000000000000021100010400000000${udp}`
/** In VLAN 100. */
const frame = `0a0b0c0d0e0f01020304050681000064${'0800'}${ipv4}`

const secret = 'MDEyMzQ1Njc4OWFiY2RlZg=='
const vector = 'YWJjZGVmZ2hpamtsbW5vcA=='
const nonce = 'YWJjZGVmZ2hpamts'

export const cases: readonly LanguageCase[] = [
  ...newer('base2', '3.0', [
    ['bin(c0ff01),base2', '110000001111111100000001'],
    ['str(),base2', ''],
  ]),
  ...newer('le2dec', '3.0', [
    ['bin(7f000001),le2dec(.,1)', '127.0.0.1'],
    ['bin(01020304050607),le2dec(:,2)', '513:1027:1541:7'],
    ['bin(01020304050607),le2dec(-,2,1)', '513-1027-1541'],
  ]),
  ...refusals('le2dec', [['bin(ff),le2dec(:,9)', 'must be from 1 to 8']]),
  ...newer('reverse', '3.2', [
    ['str(abc),reverse', 'cba'],
    ['str(),reverse', ''],
  ]),
  ...newer('reverse_dom', '3.2', [
    ['str(a.b.C:80),reverse_dom', 'C:80.b.a'],
    ['str(a.b.c.),reverse_dom', 'c.b.a'],
    ['str(a..c),reverse_dom', undefined],
    ['str(),reverse_dom', undefined],
  ]),
  ...newer('param', '3.1', [
    ['str(a=1&b=2&c),param(b)', '2'],
    ['str(a=1&b=2&c),param(c)', ''],
    ['str(a=1&b=2&c),param(d)', undefined],
    ['str(ab=1;b=%32;b=3),param(b,;)', '%32'],
    ['str(a=1;b=2),param(b,0x3B)', '2'],
  ]),
  ...refusals('param', [['str(a),param(b,ab)', 'neither one character nor a byte']]),
  ...newer('has_ctl', '3.2', [
    ['bin(61090a),has_ctl', '1'],
    ['bin(6109),has_ctl', '0'],
    ['bin(6109),has_ctl(any)', '1'],
    ['bin(617f),has_ctl', '1'],
    ['bin(617f),has_ctl(http)', '0'],
    ['bin(610d),has_ctl(0x2000)', '1'],
  ]),
  ...refusals('has_ctl', [['str(a),has_ctl(x)', 'nor a mask of 33 bits']]),
  ...newer('date', '3.1', [
    [{ x: 'Sun, 06 Nov 1994 08:49:37 GMT', give: 'req.fhdr(x),date' }, '784111777'],
    [{ x: 'Sunday, 06-Nov-94 08:49:37 GMT', give: 'req.fhdr(x),date' }, '784111777'],
    [{ x: 'Sun Nov  6 08:49:37 1994', give: 'req.fhdr(x),date' }, '784111777'],
    [{ x: 'Sun, 32 Nov 1994 08:49:37 GMT', give: 'req.fhdr(x),date' }, undefined],
  ]),
  ...newer('ms_utime', '3.0', [['int(1500000000123),ms_utime(%T.%3N)', '02:40:00.123']]),
  ...newer('us_utime', '3.0', [
    ['int(1500000000123456),us_utime(%T.%6N)', '02:40:00.123456'],
    ['int(1500000000123456),us_utime(%T.%N,1000)', '02:40:00.124456000'],
  ]),
  ...newer('ms_ltime', '3.0', [['int(1500000000123),ms_ltime(%M:%S.%3N)', '40:00.123']]),
  ...newer('us_ltime', '3.0', [['int(1500000000123456),us_ltime(%M:%S.%N)', '40:00.123456000']]),
  ...newer('bytes', '2.7', [
    [{ set: [['txn.from', 'int(1)']], give: 'str(abcd),bytes(txn.from)' }, 'bcd'],
    [{ set: [['txn.from', 'int(9)']], give: 'str(abcd),bytes(txn.from)' }, ''],
  ]),
  ...newer('aes_cbc_enc', '3.4', [
    [`str(hello),aes_cbc_enc(128,${vector},${secret}),hex`, 'CBC712CAB0EBCAB287D2E1919773DBE8'],
  ]),
  ...newer('aes_cbc_dec', '3.4', [
    [`str(hello),aes_cbc_enc(128,${vector},${secret}),aes_cbc_dec(128,${vector},${secret})`, 'hello'],
    [`str(hello),aes_cbc_dec(128,${vector},${secret})`, undefined],
  ]),
  ...newer('aes_gcm_enc', '3.4', [[`str(hello),aes_gcm_enc(128,${nonce},${secret},txn.tag),hex`, '8DB710D93C']]),
  ...newer('aes_gcm_dec', '3.4', [
    [
      `str(hello),aes_gcm_enc(128,${nonce},${secret},txn.tag,YWFk),aes_gcm_dec(128,${nonce},${secret},txn.tag,YWFk)`,
      'hello',
    ],
    [
      `str(hello),aes_gcm_enc(128,${nonce},${secret},txn.tag,YWFk),aes_gcm_dec(128,${nonce},${secret},txn.tag,YQ==)`,
      undefined,
    ],
  ]),
  ...refusals('aes_gcm_enc', [[`str(a),aes_gcm_enc(128,${nonce},${secret},YQ==)`, 'must be the variable']]),
  ...newer('rfc7239_is_valid', '2.8', [
    [{ x: 'for=192.0.2.1;proto=https, for="[2001:db8::1]:80"', give: 'req.fhdr(x),rfc7239_is_valid' }, '1'],
    [{ x: 'for=_hidden;by=unknown;host="a.example:80"', give: 'req.fhdr(x),rfc7239_is_valid' }, '1'],
    [{ x: 'for=192.0.2.1;for=192.0.2.2', give: 'req.fhdr(x),rfc7239_is_valid' }, '0'],
    [{ x: 'for=2001:db8::1', give: 'req.fhdr(x),rfc7239_is_valid' }, '0'],
    [{ x: 'for', give: 'req.fhdr(x),rfc7239_is_valid' }, '0'],
    ['str(),rfc7239_is_valid', '0'],
  ]),
  ...newer('rfc7239_field', '2.8', [
    [{ x: 'for="[2001:db8::1]:80";proto=https', give: 'req.fhdr(x),rfc7239_field(for)' }, '[2001:db8::1]:80'],
    [{ x: 'for=_a;PROTO=https', give: 'req.fhdr(x),rfc7239_field(proto)' }, 'https'],
    [{ x: 'for=_a', give: 'req.fhdr(x),rfc7239_field(host)' }, undefined],
    [{ x: 'for', give: 'req.fhdr(x),rfc7239_field(for)' }, undefined],
  ]),
  ...refusals('rfc7239_field', [['str(a),rfc7239_field(x)', 'is not one of proto, host, for, by']]),
  ...newer('rfc7239_n2nn', '2.8', [
    ['str(192.0.2.1:80),rfc7239_n2nn', '192.0.2.1'],
    ['str([2001:db8::1]),rfc7239_n2nn', '2001:db8::1'],
    ['str(unknown),rfc7239_n2nn', 'unknown'],
    ['str(_a:_b),rfc7239_n2nn', '_a'],
    ['str(a),rfc7239_n2nn', undefined],
  ]),
  ...newer('rfc7239_n2np', '2.8', [
    ['str(192.0.2.1:80),rfc7239_n2np', '80'],
    ['str(_a:_b),rfc7239_n2np', '_b'],
    ['str(192.0.2.1),rfc7239_n2np', undefined],
  ]),
  ...newer('rfc7239_nn', '2.8', [
    ['ipv4(192.0.2.1),rfc7239_nn', '192.0.2.1'],
    ['ipv6(2001:db8::1),rfc7239_nn', '[2001:db8::1]'],
    ['str(hidden),rfc7239_nn', '_hidden'],
    ['str(),rfc7239_nn', 'unknown'],
  ]),
  ...newer('rfc7239_np', '2.8', [
    ['int(80),rfc7239_np', '80'],
    ['str(a),rfc7239_np', '_a'],
    ['str(),rfc7239_np', undefined],
    ['int(70000),rfc7239_np', undefined],
  ]),
  ...newer('x509_v_err_str', '3.0', [
    ['int(0),x509_v_err_str', 'X509_V_OK'],
    ['int(10),x509_v_err_str', 'X509_V_ERR_CERT_HAS_EXPIRED'],
    ['int(62),x509_v_err_str', 'X509_V_ERR_HOSTNAME_MISMATCH'],
    ['int(12345),x509_v_err_str', '12345'],
  ]),
  ...newer('eth.dst', '3.3', [[`bin(${frame}),eth.dst,hex`, '0A0B0C0D0E0F']]),
  ...newer('eth.src', '3.3', [[`bin(${frame}),eth.src,hex`, '010203040506']]),
  ...newer('eth.vlan', '3.3', [[`bin(${frame}),eth.vlan`, '100']]),
  ...newer('eth.proto', '3.3', [
    [`bin(${frame}),eth.proto`, '2048'],
    ['bin(0a0b0c0d0e0f010203040506),eth.proto', undefined],
  ]),
  ...newer('eth.hdr', '3.3', [[`bin(${frame}),eth.hdr,hex,length`, '36']]),
  ...newer('eth.data', '3.3', [[`bin(${frame}),eth.data,ip.src`, '192.0.2.1']]),
  ...newer('ip.src', '3.3', [
    [`bin(${ipv4}),ip.src`, '192.0.2.1'],
    [`bin(${ipv6Options}),ip.src`, '2001:db8::1'],
    ['bin(45000014),ip.src', undefined],
  ]),
  ...newer('ip.dst', '3.3', [
    [`bin(${ipv4}),ip.dst`, '198.51.100.2'],
    [`bin(${ipv6Options}),ip.dst`, '2001:db8::2'],
  ]),
  ...newer('ip.proto', '3.3', [
    [`bin(${ipv4}),ip.proto`, '6'],
    [`bin(${ipv6Options}),ip.proto`, '17'],
  ]),
  ...newer('ip.tos', '3.3', [
    [`bin(${ipv4}),ip.tos`, '16'],
    [`bin(${ipv6Options}),ip.tos`, '10'],
  ]),
  ...newer('ip.ttl', '3.3', [
    [`bin(${ipv4}),ip.ttl`, '64'],
    [`bin(${ipv6Options}),ip.ttl`, '255'],
  ]),
  ...newer('ip.ver', '3.3', [
    [`bin(${ipv4}),ip.ver`, '4'],
    [`bin(${ipv6Options}),ip.ver`, '6'],
    ['str(),ip.ver', undefined],
  ]),
  ...newer('ip.df', '3.3', [
    [`bin(${ipv4}),ip.df`, '1'],
    [`bin(${ipv6Options}),ip.df`, '1'],
  ]),
  ...newer('ip.hdr', '3.3', [[`bin(${ipv6Options}),ip.hdr,hex,length`, '96']]),
  ...newer('ip.data', '3.3', [[`bin(${ipv6Options}),ip.data,hex`, udp]]),
  ...newer('ip.fp', '3.3', [
    [`bin(${ipv4}),ip.fp,hex`, '1050A8FFFF05B447'],
    [`bin(${ipv4}),ip.fp(7),hex`, '1050A8FFFF05B447400204080103C0000201'],
    [`bin(${ipv6Options}),ip.fp,hex`, undefined],
  ]),
  ...newer('tcp.src', '3.3', [[`bin(${tcp}),tcp.src`, '40000']]),
  ...newer('tcp.dst', '3.3', [[`bin(${tcp}),tcp.dst`, '80']]),
  ...newer('tcp.seq', '3.3', [[`bin(${tcp}),tcp.seq`, '16909060']]),
  ...newer('tcp.flags', '3.3', [[`bin(${tcp}),tcp.flags`, '2']]),
  ...newer('tcp.win', '3.3', [
    [`bin(${tcp}),tcp.win`, '65535'],
    ['bin(9c400050),tcp.win', undefined],
  ]),
  ...newer('tcp.options.mss', '3.3', [[`bin(${tcp}),tcp.options.mss`, '1460']]),
  ...newer('tcp.options.sack', '3.3', [[`bin(${tcp}),tcp.options.sack`, '1']]),
  ...newer('tcp.options.tsopt', '3.3', [[`bin(${tcp}),tcp.options.tsopt`, '1']]),
  ...newer('tcp.options.tsval', '3.3', [[`bin(${tcp}),tcp.options.tsval`, '1']]),
  ...newer('tcp.options.wsopt', '3.3', [[`bin(${tcp}),tcp.options.wsopt`, '1']]),
  ...newer('tcp.options.wscale', '3.3', [[`bin(${tcp}),tcp.options.wscale`, '7']]),
  ...newer('tcp.options_list', '3.3', [[`bin(${tcp}),tcp.options_list,hex`, '0204080103']]),
]
