/** What code of the host app does wrong in places where nobody waits for it: the request at hand suffers, and nobody else. */
import { errorReply, Frontend, format, Sample, setHeader, transformResponseBody, uniqueId } from '../../lib/index.js'
import { scenario } from './support/scenario.js'
import { BIND, last, named, simple } from './support/site.js'

const failing = new Sample<string, 'request'>({
  name: 'failing',
  type: 'str',
  phases: ['request'],
  ask: () => {
    throw new Error('the sample fails')
  },
})

/** A character that no field has room for. */
const wide = new Sample<string, 'request'>({ name: 'wide', type: 'str', phases: ['request'], ask: () => '\u{1f600}' })

for (const [what, page, fault] of [
  ['fields of a page fail', errorReply(503, { headers: [['x-page', format`${failing}`]] }), /the sample fails/],
  ['the body of a page fails', errorReply(503, { body: format`${failing}` }), /the sample fails/],
  ['fields of a page cannot be sent', errorReply(503, { headers: [['x-page', format`${wide}`]] }), /no field may have/],
] as const)
  scenario(
    `${what}: there is still the built-in page`,
    () => new Frontend('edge', { bind: BIND, errorPages: { 503: page } }),
    {},
    async (t, rig) => {
      const client = await rig.client()
      client.send(last())
      await rig.when(() => client.ended)
      t.match(client.received, /^HTTP\/1.1 503 [\s\S]*No server is available/)
      t.match(rig.records, [{ status: 503, termination: 'SC' }])
      t.match(rig.faults.map(String), [fault])
      t.equal(rig.balancer.stats().underWay, 0)
    },
  )

scenario(
  'the format of unique ids fails',
  simple(['a'], { uniqueId: { format: format`${failing}` }, httpRequest: [setHeader('x-id', format`${uniqueId}`)] }),
  { a: named },
  async (t, rig) => {
    const client = await rig.client()
    client.send(last())
    await rig.when(() => client.ended)
    t.match(client.received, /^HTTP\/1.1 500 /)
    t.match(rig.records, [{ status: 500, termination: 'PR', uniqueId: undefined }])
    t.match(rig.faults.map(String), [/the sample fails/, /the sample fails/])
  },
)

const makers: Readonly<Record<string, () => TransformStream<Uint8Array, Uint8Array>>> = {
  'that cannot be made': () => {
    throw new Error('no such transform')
  },
  'that somebody else writes to': () => {
    const transform = new TransformStream<Uint8Array, Uint8Array>()
    transform.writable.getWriter()
    return transform
  },
}

for (const [what, make] of Object.entries(makers))
  scenario(
    `a transform of the response ${what}`,
    simple(['a'], { httpResponse: [transformResponseBody(make)] }),
    { a: named },
    async (t, rig) => {
      const client = await rig.client()
      client.send(last())
      await rig.when(() => client.ended)
      t.match(client.received, /^HTTP\/1.1 500 /)
      t.match(rig.records, [{ status: 500, termination: 'PH' }])
      t.match(rig.faults.map(String), [/no such transform|locked/])
      t.equal(rig.balancer.stats().underWay, 0)
    },
  )
