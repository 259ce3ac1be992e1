import t from 'tap'
import { type CodecSample, decode } from '../contracts/codec.js'
import { requestSamples, responseSamples } from './samples.js'

/** Marsaglia's xorshift: the same bytes on every run. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

const spice = [
  '\r\n',
  '\n',
  '\r',
  ' ',
  '\t',
  ':',
  ',',
  '\0',
  '\xff',
  '0',
  'f',
  'chunked',
  'Content-Length: 1\r\n',
  'HTTP/1.1',
  ';',
  '"',
]

function mutate(bytes: string, random: (below: number) => number): string {
  let text = bytes
  for (let times = 1 + random(3); times > 0; times--) {
    const at = random(text.length + 1)
    const length = random(4)
    const put = random(3) === 0 ? String.fromCharCode(random(256)) : spice[random(spice.length)]!
    text = text.slice(0, at) + (random(4) === 0 ? '' : put) + text.slice(at + length)
  }
  return text
}

/** What must hold for every stream: bodies and rest are not longer than what came, fields hold no line ends, an error ends all. */
function broken(sample: CodecSample, steps: readonly string[]): string | undefined {
  let body = 0
  for (const [index, step] of steps.entries()) {
    if (step.startsWith('DATA ')) body += step.length - 5
    if (step.startsWith('HEAD ') && /\\[rn]|\\u0000/.test(step)) return 'a head with line ends or NUL'
    if (step.startsWith('ERROR') && index !== steps.length - 1) return 'something follows an error'
    if (/^ERROR (?!400|422|502|by close)/.test(step)) return 'an odd status'
  }
  return body > sample.bytes.length ? 'more body than bytes' : undefined
}

t.test('damaged messages never throw, and mean the same however they are cut', async (t) => {
  const random = randomFrom(20261121)
  const samples = [...requestSamples, ...responseSamples]
  let refused = 0
  for (let i = 0; i < 20_000; i++) {
    const origin = samples[i % samples.length]!
    const sample = { ...origin, bytes: mutate(origin.bytes, random) }
    const bytes = Buffer.from(sample.bytes, 'latin1')
    const steps = decode(sample, [bytes])
    const at = random(bytes.length + 1)
    const cut = decode(sample, [bytes.subarray(0, at), bytes.subarray(at)])
    const fault = broken(sample, steps) ?? (cut.join('\n') === steps.join('\n') ? undefined : `cut at ${at} it differs`)
    if (fault !== undefined) t.fail(`${fault}: ${JSON.stringify(sample.bytes)}`, { steps, cut })
    if (steps.at(-1)!.startsWith('ERROR')) refused++
  }
  t.ok(refused > 2_000 && refused < 19_000, `the damage is neither too small nor too great: ${refused}`)
})
