/** What every HTTP/1 decoder must do, whatever its side: the same steps for the same bytes, however they are cut. */
import type { Test } from 'tap'
import { RequestDecoder } from '../../lib/codec/request-decoder.js'
import { ResponseDecoder } from '../../lib/codec/response-decoder.js'
import { DATA, END, ERROR, HEAD, MORE } from '../../lib/codec/step.js'

/** A stream to decode. Responses are to requests of `method`; `upgrade` allows them to be a 101. */
export interface CodecSample {
  readonly name: string
  readonly side: 'request' | 'response'
  readonly bytes: string
  readonly method?: string
  readonly upgrade?: boolean
}

/** Decodes a stream that comes in these pieces and then ends; answers one line a step, with adjoining pieces of a body joined. */
export function decode(sample: CodecSample, pieces: readonly Buffer[]): string[] {
  const lines: string[] = []
  const decoder = sample.side === 'request' ? new RequestDecoder() : new ResponseDecoder()
  if (decoder instanceof ResponseDecoder) decoder.expect(sample.method ?? 'GET', sample.upgrade)
  let body = ''
  let over = false
  const drain = () => {
    for (;;) {
      if (over) return
      const step = decoder.next()
      if (step === MORE) return
      if (step === DATA) {
        body += decoder.data.toString('latin1')
        continue
      }
      if (body !== '') lines.push(`DATA ${body}`)
      body = ''
      if (step === HEAD) lines.push(`HEAD ${describe(decoder)}`)
      else if (step === END) lines.push(`END ${JSON.stringify(decoder.trailers?.raw)}`)
      else lines.push(`ERROR ${decoder.error?.status}`)
      over = step === ERROR || (step === END && isTunnel(decoder))
    }
  }
  for (const piece of pieces) {
    decoder.push(piece)
    drain()
  }
  if (decoder instanceof ResponseDecoder && !over) {
    const step = decoder.finish()
    if (body !== '') lines.push(`DATA ${body}`)
    if (step !== MORE) lines.push(step === END ? 'END by close' : 'ERROR by close')
  } else if (body !== '') lines.push(`DATA ${body}`)
  if (!lines.at(-1)?.startsWith('ERROR')) lines.push(`REST ${decoder.rest()?.toString('latin1')}`)
  return lines
}

function isTunnel(decoder: RequestDecoder | ResponseDecoder): boolean {
  if (decoder instanceof RequestDecoder) return decoder.head.method === 'CONNECT' || decoder.upgrade !== undefined
  return true
}

function describe(decoder: RequestDecoder | ResponseDecoder): string {
  const { bodyLength, keepAlive, upgrade } = decoder
  const facts = `${bodyLength} ${keepAlive} ${upgrade} ${JSON.stringify(decoder.head.headers.raw)}`
  if (decoder instanceof ResponseDecoder)
    return `${decoder.head.version} ${decoder.head.status} ${decoder.head.reason} ${facts}`
  const { method, target, version } = decoder.head
  return `${method} ${target} ${version} ${decoder.expectContinue} ${facts}`
}

/** Long samples are cut at a few places only, so that the suite stays quick. */
const THOROUGH = 700

/** Decodes each sample whole, byte by byte, and cut in two at every place; all must give the same steps. */
export async function codecContract(t: Test, samples: readonly CodecSample[]): Promise<void> {
  await t.test('the same steps however the bytes are cut', async (t) => {
    for (const sample of samples) {
      const bytes = Buffer.from(sample.bytes, 'latin1')
      const whole = decode(sample, [bytes])
      const single = decode(
        sample,
        Array.from(bytes, (byte) => Buffer.of(byte)),
      )
      if (single.join('\n') !== whole.join('\n')) t.same(single, whole, `${sample.name}, byte by byte`)
      const stride = bytes.length > THOROUGH ? Math.ceil(bytes.length / 40) : 1
      for (let at = 1; at < bytes.length; at += stride) {
        const cut = decode(sample, [bytes.subarray(0, at), bytes.subarray(at)])
        if (cut.join('\n') !== whole.join('\n')) t.same(cut, whole, `${sample.name}, cut at ${at}`)
      }
      t.ok(whole.length > 0, sample.name)
    }
  })
  await t.test('what was refused stays refused', async (t) => {
    for (const sample of samples) {
      const decoder = sample.side === 'request' ? new RequestDecoder() : new ResponseDecoder()
      if (decoder instanceof ResponseDecoder) decoder.expect(sample.method ?? 'GET', sample.upgrade)
      decoder.push(Buffer.from(sample.bytes, 'latin1'))
      for (let i = 0; i < 1000; i++) {
        const step = decoder.next()
        if (step === MORE || (step === END && isTunnel(decoder))) break
        if (step !== ERROR) continue
        const { error } = decoder
        decoder.push(Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'))
        t.equal(decoder.next(), ERROR, sample.name)
        t.equal(decoder.error, error)
        break
      }
    }
  })
}
