/** Converters of JSON Web Tokens. */
import type { LanguageCase } from '../case.js'
import { conversions, differing, refusals } from '../support/conversions.js'

export const cases: readonly LanguageCase[] = [
  ...conversions('jwt_header_query', [
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg',
      give: "req.hdr(x),jwt_header_query('$.alg')",
    },
    { x: 'a.b.c', give: 'req.hdr(x),jwt_header_query' },
    { x: 'a.b.c', give: "req.hdr(x),jwt_header_query('$.alg')" },
    { x: 'a.b', give: 'req.hdr(x),jwt_header_query' },
    { x: 'a.b', give: "req.hdr(x),jwt_header_query('$.alg')" },
    { x: 'a', give: 'req.hdr(x),jwt_header_query' },
    { x: 'a', give: "req.hdr(x),jwt_header_query('$.alg')" },
    { x: '', give: 'req.hdr(x),jwt_header_query' },
    { x: '', give: "req.hdr(x),jwt_header_query('$.alg')" },
    { x: 'a.b.c.d', give: 'req.hdr(x),jwt_header_query' },
    { x: 'a.b.c.d', give: "req.hdr(x),jwt_header_query('$.alg')" },
    { x: '..', give: 'req.hdr(x),jwt_header_query' },
    { x: '..', give: "req.hdr(x),jwt_header_query('$.alg')" },
    { x: '.a.b', give: 'req.hdr(x),jwt_header_query' },
    { x: '.a.b', give: "req.hdr(x),jwt_header_query('$.alg')" },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0',
      give: "req.hdr(x),jwt_header_query('$.alg')",
    },
    { x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9..x', give: "req.hdr(x),jwt_header_query('$.alg')" },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.!!!',
      give: "req.hdr(x),jwt_header_query('$.alg')",
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.abc',
      give: "req.hdr(x),jwt_header_query('$.alg')",
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg.x',
      give: "req.hdr(x),jwt_header_query('$.alg')",
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg=',
      give: "req.hdr(x),jwt_header_query('$.alg')",
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9=.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.jkk3kWmnMWvG_bvV_EUy1Qtzwiuf2cFN7IfDlZt27Dw',
      give: 'req.hdr(x),jwt_header_query',
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9=.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.jkk3kWmnMWvG_bvV_EUy1Qtzwiuf2cFN7IfDlZt27Dw',
      give: "req.hdr(x),jwt_header_query('$.alg')",
    },
    {
      x: '!!.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.x',
      give: 'req.hdr(x),jwt_header_query',
    },
    {
      x: '!!.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.x',
      give: "req.hdr(x),jwt_header_query('$.alg')",
    },
    { x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.!!.x', give: "req.hdr(x),jwt_header_query('$.alg')" },
  ]),
  ...conversions('jwt_payload_query', [
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg',
      give: "req.hdr(x),jwt_payload_query('$.name')",
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg',
      give: "req.hdr(x),jwt_payload_query('$.n')",
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg',
      give: "req.hdr(x),jwt_payload_query('$.n',int)",
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg',
      give: "req.hdr(x),jwt_payload_query('$.ok')",
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg',
      give: "req.hdr(x),jwt_payload_query('$.none')",
    },
    { x: 'a.b.c', give: 'req.hdr(x),jwt_payload_query' },
    { x: 'a.b.c', give: "req.hdr(x),jwt_payload_query('$.name')" },
    { x: 'a.b', give: 'req.hdr(x),jwt_payload_query' },
    { x: 'a.b', give: "req.hdr(x),jwt_payload_query('$.name')" },
    { x: 'a', give: 'req.hdr(x),jwt_payload_query' },
    { x: 'a', give: "req.hdr(x),jwt_payload_query('$.name')" },
    { x: '', give: 'req.hdr(x),jwt_payload_query' },
    { x: '', give: "req.hdr(x),jwt_payload_query('$.name')" },
    { x: 'a.b.c.d', give: 'req.hdr(x),jwt_payload_query' },
    { x: 'a.b.c.d', give: "req.hdr(x),jwt_payload_query('$.name')" },
    { x: '..', give: 'req.hdr(x),jwt_payload_query' },
    { x: '..', give: "req.hdr(x),jwt_payload_query('$.name')" },
    { x: '.a.b', give: 'req.hdr(x),jwt_payload_query' },
    { x: '.a.b', give: "req.hdr(x),jwt_payload_query('$.name')" },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0',
      give: "req.hdr(x),jwt_payload_query('$.name')",
    },
    { x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9..x', give: 'req.hdr(x),jwt_payload_query' },
    { x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9..x', give: "req.hdr(x),jwt_payload_query('$.name')" },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.!!!',
      give: "req.hdr(x),jwt_payload_query('$.name')",
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.abc',
      give: "req.hdr(x),jwt_payload_query('$.name')",
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg.x',
      give: "req.hdr(x),jwt_payload_query('$.name')",
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg=',
      give: "req.hdr(x),jwt_payload_query('$.name')",
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9=.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.jkk3kWmnMWvG_bvV_EUy1Qtzwiuf2cFN7IfDlZt27Dw',
      give: "req.hdr(x),jwt_payload_query('$.name')",
    },
    {
      x: '!!.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.x',
      give: "req.hdr(x),jwt_payload_query('$.name')",
    },
    { x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.!!.x', give: 'req.hdr(x),jwt_payload_query' },
    { x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.!!.x', give: "req.hdr(x),jwt_payload_query('$.name')" },
  ]),
  ...conversions('jwt_verify', [
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg',
      give: 'req.hdr(x),jwt_verify(HS256,secret)',
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg',
      give: 'req.hdr(x),jwt_verify(HS256,other)',
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg',
      give: 'req.hdr(x),jwt_verify(HS512,secret)',
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg',
      give: "req.hdr(x),jwt_verify('HS256','')",
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg',
      give: 'req.hdr(x),jwt_verify(none,secret)',
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg',
      give: "req.hdr(x),jwt_verify(none,'')",
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg',
      give: 'req.hdr(x),jwt_verify(txn.alg,secret)',
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg',
      give: 'req.hdr(x),jwt_verify(HS256,txn.key)',
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg',
      set: [['txn.alg', 'str(HS256)']],
      give: 'req.hdr(x),jwt_verify(txn.alg,secret)',
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg',
      set: [['txn.alg', 'str(foo)']],
      give: 'req.hdr(x),jwt_verify(txn.alg,secret)',
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg',
      set: [['txn.alg', 'str(RS256)']],
      give: 'req.hdr(x),jwt_verify(txn.alg,secret)',
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg',
      set: [['txn.alg', 'int(5)']],
      give: 'req.hdr(x),jwt_verify(txn.alg,secret)',
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg',
      set: [['txn.key', 'str(secret)']],
      give: 'req.hdr(x),jwt_verify(HS256,txn.key)',
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg',
      set: [['txn.key', 'str()']],
      give: 'req.hdr(x),jwt_verify(HS256,txn.key)',
    },
    {
      x: 'eyJhbGciOiJIUzUxMiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.BI9LloCGrew8OvDnLbE7KPxXa08IkAdMjiLiwgi-tEbtbFinC3KcGRqY_-NlP8cU-dS8oWdVKn8YGkH84rTC1g',
      give: 'req.hdr(x),jwt_verify(HS512,secret)',
    },
    {
      x: 'eyJhbGciOiJIUzUxMiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.BI9LloCGrew8OvDnLbE7KPxXa08IkAdMjiLiwgi-tEbtbFinC3KcGRqY_-NlP8cU-dS8oWdVKn8YGkH84rTC1g',
      give: 'req.hdr(x),jwt_verify(HS384,secret)',
    },
    {
      x: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.',
      give: 'req.hdr(x),jwt_verify(none,secret)',
    },
    {
      x: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.',
      give: 'req.hdr(x),jwt_verify(HS256,secret)',
    },
    {
      x: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0',
      give: 'req.hdr(x),jwt_verify(none,secret)',
    },
    { x: 'a.b.c', give: 'req.hdr(x),jwt_verify(HS256,secret)' },
    { x: 'a.b.c', give: "req.hdr(x),jwt_verify(none,'')" },
    { x: 'a.b', give: 'req.hdr(x),jwt_verify(HS256,secret)' },
    { x: 'a.b', give: "req.hdr(x),jwt_verify(none,'')" },
    { x: 'a', give: 'req.hdr(x),jwt_verify(HS256,secret)' },
    { x: 'a', give: "req.hdr(x),jwt_verify(none,'')" },
    { x: '', give: 'req.hdr(x),jwt_verify(HS256,secret)' },
    { x: '', give: "req.hdr(x),jwt_verify(none,'')" },
    { x: 'a.b.c.d', give: 'req.hdr(x),jwt_verify(HS256,secret)' },
    { x: 'a.b.c.d', give: "req.hdr(x),jwt_verify(none,'')" },
    { x: '..', give: 'req.hdr(x),jwt_verify(HS256,secret)' },
    { x: '..', give: "req.hdr(x),jwt_verify(none,'')" },
    { x: '.a.b', give: 'req.hdr(x),jwt_verify(HS256,secret)' },
    { x: '.a.b', give: "req.hdr(x),jwt_verify(none,'')" },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0',
      give: 'req.hdr(x),jwt_verify(HS256,secret)',
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0',
      give: "req.hdr(x),jwt_verify(none,'')",
    },
    { x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9..x', give: 'req.hdr(x),jwt_verify(HS256,secret)' },
    { x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9..x', give: "req.hdr(x),jwt_verify(none,'')" },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.!!!',
      give: 'req.hdr(x),jwt_verify(HS256,secret)',
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.!!!',
      give: "req.hdr(x),jwt_verify(none,'')",
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.abc',
      give: 'req.hdr(x),jwt_verify(HS256,secret)',
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.abc',
      give: "req.hdr(x),jwt_verify(none,'')",
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg.x',
      give: 'req.hdr(x),jwt_verify(HS256,secret)',
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg.x',
      give: "req.hdr(x),jwt_verify(none,'')",
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg=',
      give: "req.hdr(x),jwt_verify(none,'')",
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9=.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.jkk3kWmnMWvG_bvV_EUy1Qtzwiuf2cFN7IfDlZt27Dw',
      give: 'req.hdr(x),jwt_verify(HS256,secret)',
    },
    {
      x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9=.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.jkk3kWmnMWvG_bvV_EUy1Qtzwiuf2cFN7IfDlZt27Dw',
      give: "req.hdr(x),jwt_verify(none,'')",
    },
    {
      x: '!!.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.x',
      give: 'req.hdr(x),jwt_verify(HS256,secret)',
    },
    {
      x: '!!.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.x',
      give: "req.hdr(x),jwt_verify(none,'')",
    },
    { x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.!!.x', give: 'req.hdr(x),jwt_verify(HS256,secret)' },
    { x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.!!.x', give: "req.hdr(x),jwt_verify(none,'')" },
  ]),
  ...differing(
    'jwt_header_query',
    'HAProxy 2.6 does not give the part of a token as a whole, which its manual promises',
    [
      [
        {
          x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg',
          give: 'req.hdr(x),jwt_header_query',
        },
        '{"alg":"HS256","typ":"JWT"}',
      ],
      [
        {
          x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg',
          give: 'req.hdr(x),jwt_header_query()',
        },
        '{"alg":"HS256","typ":"JWT"}',
      ],
      [
        {
          x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0',
          give: 'req.hdr(x),jwt_header_query',
        },
        '{"alg":"HS256","typ":"JWT"}',
      ],
      [
        { x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9..x', give: 'req.hdr(x),jwt_header_query' },
        '{"alg":"HS256","typ":"JWT"}',
      ],
      [
        {
          x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.!!!',
          give: 'req.hdr(x),jwt_header_query',
        },
        '{"alg":"HS256","typ":"JWT"}',
      ],
      [
        {
          x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.abc',
          give: 'req.hdr(x),jwt_header_query',
        },
        '{"alg":"HS256","typ":"JWT"}',
      ],
      [
        {
          x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg.x',
          give: 'req.hdr(x),jwt_header_query',
        },
        '{"alg":"HS256","typ":"JWT"}',
      ],
      [
        {
          x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg=',
          give: 'req.hdr(x),jwt_header_query',
        },
        '{"alg":"HS256","typ":"JWT"}',
      ],
      [
        { x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.!!.x', give: 'req.hdr(x),jwt_header_query' },
        '{"alg":"HS256","typ":"JWT"}',
      ],
    ],
  ),
  ...differing(
    'jwt_payload_query',
    'HAProxy 2.6 does not give the part of a token as a whole, which its manual promises',
    [
      [
        {
          x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg',
          give: 'req.hdr(x),jwt_payload_query',
        },
        '{"sub":"1234567890","name":"John","n":5,"ok":true}',
      ],
      [
        {
          x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg',
          give: "req.hdr(x),jwt_payload_query('')",
        },
        '{"sub":"1234567890","name":"John","n":5,"ok":true}',
      ],
      [
        {
          x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0',
          give: 'req.hdr(x),jwt_payload_query',
        },
        '{"sub":"1234567890","name":"John","n":5,"ok":true}',
      ],
      [
        {
          x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.!!!',
          give: 'req.hdr(x),jwt_payload_query',
        },
        '{"sub":"1234567890","name":"John","n":5,"ok":true}',
      ],
      [
        {
          x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.abc',
          give: 'req.hdr(x),jwt_payload_query',
        },
        '{"sub":"1234567890","name":"John","n":5,"ok":true}',
      ],
      [
        {
          x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg.x',
          give: 'req.hdr(x),jwt_payload_query',
        },
        '{"sub":"1234567890","name":"John","n":5,"ok":true}',
      ],
      [
        {
          x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg=',
          give: 'req.hdr(x),jwt_payload_query',
        },
        '{"sub":"1234567890","name":"John","n":5,"ok":true}',
      ],
      [
        {
          x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9=.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.jkk3kWmnMWvG_bvV_EUy1Qtzwiuf2cFN7IfDlZt27Dw',
          give: 'req.hdr(x),jwt_payload_query',
        },
        '{"sub":"1234567890","name":"John","n":5,"ok":true}',
      ],
      [
        {
          x: '!!.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.x',
          give: 'req.hdr(x),jwt_payload_query',
        },
        '{"sub":"1234567890","name":"John","n":5,"ok":true}',
      ],
    ],
  ),
  ...differing('jwt_verify', 'HAProxy 2.6 decodes padding as if it were text', [
    [
      {
        x: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4iLCJuIjo1LCJvayI6dHJ1ZX0.2hUB1hOLoDnvYTfOs05oFHSCRGReiZYIw0CaYcnv9xg=',
        give: 'req.hdr(x),jwt_verify(HS256,secret)',
      },
      '-3',
    ],
  ]),
  ...refusals('jwt_payload_query', [
    ["req.hdr(x),jwt_payload_query('$.n',str)", "option 'output_type': 'str' is not one of int"],
  ]),
  ...refusals('jwt_verify', [
    ['req.hdr(x),jwt_verify(HS256)', "option 'key': is missing"],
    ['req.hdr(x),jwt_verify()', "option 'alg': is missing"],
    ['req.hdr(x),jwt_verify', "option 'alg': is missing"],
  ]),
]
