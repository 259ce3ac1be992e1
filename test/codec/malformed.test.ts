import t from 'tap'
import { codecContract, decode } from '../contracts/codec.js'
import { malformedCases } from './malformed-cases.js'

t.test('each malformed message meets its verdict', async (t) => {
  for (const sample of malformedCases) {
    const steps = decode(sample, [Buffer.from(sample.bytes, 'latin1')])
    const refused = steps.some((step) => step.startsWith('ERROR'))
    t.equal(refused, sample.verdict === 'refuse', `${sample.side} ${sample.name}: ${sample.verdict}`)
    if (refused) {
      const error = steps.at(-1)
      t.match(error, sample.side === 'response' ? /ERROR (502|by close)/ : /ERROR (400|422)/, sample.name)
    } else t.match(steps[0], /^HEAD/, `${sample.name} is not waited upon`)
  }
})

t.test('nothing is accepted that HAProxy refuses', async (t) => {
  const lenient = malformedCases.filter((sample) => sample.haproxy === 'refuse' && sample.verdict !== 'refuse')
  t.same(lenient, [])
})

t.test('heads that are refused show no request', async (t) => {
  for (const sample of malformedCases) {
    if (sample.verdict !== 'refuse' || sample.side !== 'request' || sample.bytes.includes('chunked\r\n\r\n')) continue
    t.notMatch(decode(sample, [Buffer.from(sample.bytes, 'latin1')])[0], /^HEAD/, sample.name)
  }
})

t.test('malformed messages keep the contract', async (t) => {
  await codecContract(t, malformedCases)
})
