import t from 'tap'
import { Response } from '../../lib/message/response.js'
import { reasonPhrase } from '../../lib/message/status.js'

t.test('responses made by hand are checked and have a reason', async (t) => {
  t.match(Response.from(404, { x: 'y' }), { status: 404, reason: 'Not Found', version: '1.1' })
  t.match(Response.from(200, [], ''), { reason: '' })
  for (const status of [99, 1000, 200.5, Number.NaN])
    t.throws(() => Response.from(status), { code: 'ERR_INVALID_FIELD' })
  t.throws(() => Response.from(200, [], 'a\r\nb'), { code: 'ERR_INVALID_FIELD' })
})

t.test('a copy is changed on its own', async (t) => {
  const response = Response.from(200, { x: '1' })
  const copy = response.clone()
  copy.status = 201
  copy.headers.delete('x')
  t.same([response.status, response.headers.get('x')], [200, '1'])
})

t.test('reasons are the words of HAProxy', async (t) => {
  t.same([200, 302, 408, 504, 418].map(reasonPhrase), [
    'OK',
    'Moved Temporarily',
    'Request Time-out',
    'Gateway Time-out',
    "I'm a teapot",
  ])
  t.same([299, 399, 499, 498, 599, 777].map(reasonPhrase), [
    'Success',
    'Redirection',
    'client has closed connection',
    'Client Error',
    'Server Error',
    'Other',
  ])
})
