import t from 'tap'
import { type PeerEvent, PeersDecoder } from '../../lib/codec/peers-decoder.js'
import { type Definition, keyTypes, LONGEST_MESSAGE, type Values, wireTypes } from '../../lib/codec/peers-format.js'
import { FieldReader, putVarint, varintLength } from '../../lib/codec/peers-varint.js'
import { PeersWriter } from '../../lib/codec/peers-writer.js'
import { broken, passedOver, taught, tip, told } from './peers-samples.js'

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')
const all = (): boolean => true

/** Keys are views: what is kept is copied. */
function drain(decoder: PeersDecoder): PeerEvent[] {
  const events: PeerEvent[] = []
  for (let event = decoder.next(); event !== undefined; event = decoder.next())
    events.push(event.type === 'update' ? { ...event, key: Buffer.from(event.key) } : event)
  return events
}

function decode(pieces: readonly Buffer[], knows: (name: string) => boolean = all): PeerEvent[] {
  const decoder = new PeersDecoder(knows)
  return pieces.flatMap((piece) => {
    // What a network hands over is used again for what comes next.
    const lent = Buffer.from(piece)
    decoder.feed(lent)
    const events = drain(decoder)
    decoder.keep()
    lent.fill(0xee)
    return events
  })
}

/** An event as one line. */
function line(event: PeerEvent): string {
  switch (event.type) {
    case 'update': {
      const { definition, id, key, expire, values } = event
      return `${definition.name} ${id} ${Buffer.from(key).toString('latin1')} ${expire} ${values.join(' ')}`
    }
    case 'definition': {
      const { id, name, keyType, keyLength, fields, expire } = event.definition
      const kinds = fields.map(({ number, elements, period }) => `${number}x${elements}/${period}`)
      return `= ${id} ${name} ${keyType}:${keyLength} ${expire} ${kinds.join(' ')}`
    }
    case 'broken':
      return `broken ${event.fault}`
    default:
      return Object.values(event).join(' ')
  }
}

t.test('numbers take as many bytes as they need', async (t) => {
  const known: readonly [number, string][] = [
    [0, '00'],
    [239, 'ef'],
    [240, 'f000'],
    [0x1234, 'f49401'],
    [2287, 'ff7f'],
    [2288, 'f08000'],
    [264_431, 'ffff7f'],
    [264_432, 'f0808000'],
    [33_818_863, 'ffffff7f'],
    [5_000_000_000, 'f091bd809400'],
  ]
  for (const [number, bytes] of known) {
    const into = Buffer.alloc(10)
    const end = putVarint(into, 0, number)
    t.equal(into.toString('hex', 0, end), bytes, `${number}`)
    t.equal(varintLength(number), end)
    const reader = new FieldReader()
    reader.reset(into, 0, end)
    t.equal(reader.varint(), number)
    reader.reset(into, 0, end - 1)
    reader.varint()
    t.ok(reader.broken, 'one byte less')
  }
  for (const number of [2 ** 32 - 1, 2 ** 32, 2 ** 52 + 12_345, Number.MAX_SAFE_INTEGER]) {
    const into = Buffer.alloc(10)
    const reader = new FieldReader()
    reader.reset(into, 0, putVarint(into, 0, number))
    t.equal(reader.varint(), number)
  }
  const endless = new FieldReader()
  endless.reset(Buffer.alloc(64, 0xff), 0, 64)
  endless.varint()
  t.ok(endless.broken, 'a number ends within 64 bits')
})

t.test('what HAProxy tells of changes', async (t) => {
  t.strictSame(decode([hex(told)]).map(line), [
    '= 5 tb 7:8 0 2x1/0',
    'tb 4 \x01\x02\x03\x04\0\0\0\0 undefined 2',
    '= 4 tip6 5:16 0 2x1/0',
    'tip6 1 \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01 undefined 1',
    '= 3 tip 4:4 30000 2x1/0 10x1/10000',
    '= 2 ts 6:21 3600000 19x1/0 20x1/0 21x1/3000 22x2/0 23x3/0 24x2/7000',
    'ts 1 hello undefined  1 4284236805 0 0 0 0 0 0 0 4284236805 0 0 4284236805 0 0',
    'ts 2 hello2 undefined  3 4284236805 0 0 0 0 0 0 0 4284236805 0 0 4284236805 0 0',
    'ts 8 /b undefined  0 4284236805 0 0 0 77 0 2 0 4284236805 0 0 42159 2 0',
    'ts 14 /d undefined  0 4284236805 0 0 0 77 0 1 0 4284236805 0 0 41181 1 0',
    'ts 17 /abcdefghijklmn undefined  0 4284236805 0 0 0 77 0 1 0 4284236805 0 0 40851 1 0',
    'ts 20 /c undefined  0 4284236805 0 0 0 77 0 2 0 4284236805 0 0 41505 2 0',
    '= 1 /ti 2:4 600000 0x1/0 1x1/0 2x1/0 3x1/10000 6x1/0 15x1/0',
    '/ti 1 \0\0\0\x05 undefined 3 9 3 43629 7 0 2 5000000000',
    '= 6 bs 6:11 0 0x1/0 19x1/0',
    'bs 3 /b undefined 1 one',
    'bs 5 /d undefined 1 one',
    'bs 6 /abcdefghi undefined 2 two',
    'bs 8 /c undefined 2 two',
  ])
})

t.test('what HAProxy tells when it is asked for everything', async (t) => {
  const lines = decode([
    hex(
      `0a82 0b 06026273060bf1f1fe0000 0a80 0e 00000003022f62010501036f6e65 0a80 0e 00000006022f63020502 0374776f ${taught}`,
    ),
  ]).map(line)
  t.match(lines, ['= 6 bs 6:11 0 0x1/0 19x1/0', 'bs 3 /b undefined 1 one', 'bs 6 /c undefined 2 two'])
  t.ok(
    lines.includes('ts 1 hello 3555876  1 4284237508 0 0 0 0 0 0 0 4284237508 0 0 4284237508 0 0'),
    'when it is over',
  )
  t.ok(lines.includes('/ti 1 \0\0\0\x05 555668 3 9 3 44332 7 0 2 5000000000'))
  t.ok(lines.includes('bs 6 /abcdefghi 0 2 two'), 'a text that was told before')
  t.equal(lines.at(-1), 'control resyncFinished')
})

t.test('however the bytes are cut', async (t) => {
  for (const sample of [told, taught]) {
    const bytes = hex(sample)
    const whole = JSON.stringify(decode([bytes]).map(line))
    for (let at = 1; at < bytes.length; at++)
      if (JSON.stringify(decode([bytes.subarray(0, at), bytes.subarray(at)]).map(line)) !== whole)
        t.fail(`cut at ${at}`)
    t.equal(JSON.stringify(decode(Array.from(bytes, (byte) => Buffer.of(byte))).map(line)), whole, 'byte by byte')
  }
})

t.test('the writer says it with the same bytes', async (t) => {
  for (const sample of [told, taught]) {
    const bytes = hex(sample)
    const writer = new PeersWriter()
    // The second sample goes on where texts have been told.
    if (sample === taught) for (const text of ['one', 'two']) writer.dictionary.add(text)
    const decoder = new PeersDecoder(all)
    if (sample === taught)
      decoder.feed(
        hex(
          '0a82 0b 06026273060bf1f1fe0000 0a80 0e 00000003022f62010501036f6e65 0a80 0e 00000006022f63020502 0374776f',
        ),
      )
    drain(decoder)
    decoder.feed(bytes)
    for (const event of drain(decoder)) {
      if (event.type === 'definition') writer.define(event.definition)
      else if (event.type === 'update') t.ok(writer.update(event))
      else if (event.type === 'control') writer.control(event.control)
    }
    t.equal(writer.take().toString('hex'), bytes.toString('hex'))
  }
})

t.test('short messages, both ways', async (t) => {
  const writer = new PeersWriter()
  for (const control of ['resyncRequest', 'resyncFinished', 'resyncPartial', 'resyncConfirm', 'heartbeat'] as const)
    writer.control(control)
  writer.complain('protocol')
  writer.complain('size')
  writer.acknowledge(7, 0xfffffffe)
  writer.acknowledge(3000, 1)
  const bytes = writer.take()
  t.equal(bytes.toString('hex'), '00000001000200030004010001010a840507fffffffe0a8407f8ac0000000001')
  t.strictSame(decode([bytes]).map(line), [
    'control resyncRequest',
    'control resyncFinished',
    'control resyncPartial',
    'control resyncConfirm',
    'control heartbeat',
    'complaint protocol',
    'complaint size',
    'acknowledged 7 4294967294',
    'acknowledged 3000 1',
  ])
  t.equal(writer.length, 0, 'what was taken is gone')
})

t.test('every kind of data, both ways, at its limits', async (t) => {
  const fields = wireTypes.map(({ kind, array }, number) => ({
    number,
    elements: array ? 100 : 1,
    period: kind === 'rate' ? 1000 + number : 0,
  }))
  const definition: Definition = {
    id: 300,
    name: '/all',
    keyType: keyTypes.binary,
    keyLength: 5,
    fields,
    expire: 86_400_000,
  }
  const values: Values = fields.flatMap(({ number, elements }) => {
    const { kind } = wireTypes[number]!
    return Array.from(
      { length: elements },
      (_, element): Values =>
        kind === 'text'
          ? ['s\xe9rveur']
          : kind === 'rate'
            ? [element * 1000, 2 ** 32 - 1, number]
            : [number * 2 ** 40 + element],
    ).flat()
  })
  const writer = new PeersWriter()
  writer.define(definition)
  for (const id of [0xffff_ffff, 0, 1, 5])
    t.ok(writer.update({ id, key: Buffer.from('abcde'), values, expire: id === 5 ? 2 ** 33 : undefined }))
  const events = decode([writer.take()])
  t.strictSame(events[0], { type: 'definition', definition })
  t.strictSame(
    events.slice(1).map((event) => (event.type === 'update' ? [event.id, event.expire, event.values] : event)),
    [
      [0xffff_ffff, undefined, values],
      [0, undefined, values],
      [1, undefined, values],
      [5, 0xffff_ffff, values],
    ],
  )
})

t.test('texts are told once, until 128 others have been', async (t) => {
  const definition: Definition = {
    id: 1,
    name: 'k',
    keyType: keyTypes.string,
    keyLength: 9,
    fields: [{ number: 19, elements: 1, period: 0 }],
    expire: 0,
  }
  const writer = new PeersWriter()
  const decoder = new PeersDecoder(all)
  writer.define(definition)
  const said: string[] = []
  for (let round = 0; round < 1000; round++) {
    const text = `server-${(round * 7) % (round < 500 ? 100 : 300)}`
    said.push(text)
    writer.update({ id: round, key: Buffer.from('x'), values: [text] })
  }
  decoder.feed(writer.take())
  const heard = drain(decoder).flatMap((event) => (event.type === 'update' ? [event.values[0]] : []))
  t.strictSame(heard, said)
  t.equal(decoder.dictionary.length, 128)
  t.strictSame(decoder.dictionary, writer.dictionary.texts)
  writer.update({ id: 5000, key: Buffer.from('x'), values: [said.at(-1)] })
  t.ok(writer.length < 16, 'a number instead of the text')
})

t.test('numbers of texts that nobody has told', async (t) => {
  const keys = '0a82 07 01 01 6b 06 09 f0f1fe00 00'.replace('07', '0a')
  t.match(decode([hex(`${keys} 0a80 08 00000001 01 78 01 05`)]).at(-1), { type: 'update', values: [undefined] })
  for (const text of ['02 0000', '02 8100', '03 01 05 61', '01 ff', '01'])
    t.match(
      decode([
        hex(
          `${keys} 0a80 ${(6 + text.replaceAll(' ', '').length / 2).toString(16).padStart(2, '0')} 00000001 01 78 ${text}`,
        ),
      ]).at(-1),
      { type: 'broken' },
      text,
    )
})

t.test('entries that no message holds are not told', async (t) => {
  const writer = new PeersWriter()
  writer.define({ id: 1, name: 'long', keyType: keyTypes.string, keyLength: 20_000, fields: [], expire: 0 })
  const before = writer.length
  t.notOk(writer.update({ id: 1, key: Buffer.alloc(LONGEST_MESSAGE), values: [] }))
  t.equal(writer.length, before)
  t.ok(writer.update({ id: 1, key: Buffer.alloc(LONGEST_MESSAGE - 100, 97), values: [] }))
  t.match(decode([writer.take()]).at(-1), { type: 'update', id: 1 })
})

t.test('who breaks the rules is told of what HAProxy complains of', async (t) => {
  for (const { name, bytes, fault } of broken) {
    const heartbeat = Buffer.of(0, 4)
    t.match(decode([hex(bytes), heartbeat]).at(-1), { type: 'broken', fault }, name)
    t.match(
      decode([...Array.from(hex(bytes), (byte) => Buffer.of(byte)), heartbeat]).at(-1),
      { type: 'broken', fault },
      `${name}, byte by byte`,
    )
  }
})

t.test('what is not understood is passed over', async (t) => {
  for (const { name, bytes } of passedOver)
    t.strictSame(
      decode([hex(bytes), Buffer.of(0, 4)], (table) => table === 'tip').map(line),
      ['control heartbeat'],
      name,
    )
})

t.test('what is behind the known fields of a message is passed over', async (t) => {
  const lines = decode([hex(`${tip} 0a80 0e 00000001 0a010209 05 00 07 00 aabb 0004`)]).map(line)
  t.strictSame(lines.slice(1), ['tip 1 \n\x01\x02\t undefined 5 0 7 0', 'control heartbeat'])
})

t.test('a definition may leave out all behind the kinds of data', async (t) => {
  t.match(decode([hex('0a82 08 07 03 746970 04 04 f431'.replace('08', '09'))]).at(-1), {
    definition: { expire: 0, fields: [{ number: 2 }, { number: 10, period: 0 }] },
  })
})

t.test('a kind of data that is not known hides those behind it: such updates are not understood', async (t) => {
  const unknown = '0a82 13 07 03 746970 04 04 f4b1ffff03 f0c40d 0a f0e203'
  const lines = decode([hex(`${unknown} 0a80 0d 00000004 0a010239 05 00 07 00 09 0004`)]).map(line)
  t.strictSame(lines.slice(1), ['control heartbeat'])
})

t.test('a table is switched to by its number', async (t) => {
  const other = '0a82 09 08 03 787878 04 04 04 00'.replace('09', '0a')
  const lines = decode([
    hex(`${tip} ${other.replace('0a82 0a', '0a82 09')} 0a83 01 07 0a80 0c 00000003 0a010229 05 00 07 00`),
  ]).map(line)
  t.match(lines, [/^= 7 tip/, /^= 8 xxx/, /^tip 3 /])
})

t.test('definitions are kept of known tables only, and one of each', async (t) => {
  const writer = new PeersWriter()
  const decoder = new PeersDecoder((name) => name === 'tip')
  for (let id = 0; id < 5000; id++) {
    writer.define({ id, name: id % 2 === 0 ? 'tip' : `other-${id}`, keyType: 4, keyLength: 4, fields: [], expire: 0 })
    decoder.feed(writer.take())
    drain(decoder)
  }
  decoder.feed(hex('0a83 02 f2e401'.replace('02', '03')))
  t.strictSame(drain(decoder), [])
  t.equal(decoder.definitions, 1)
})

t.test('whatever is broken on the way: nothing is thrown, and little is kept', async (t) => {
  const samples = [hex(told), hex(taught)]
  let seed = 12_345
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((seed / 2 ** 32) * below)
  }
  const ends = new Map<string, number>()
  for (let round = 0; round < 3000; round++) {
    const bytes = Buffer.from(samples[round % 2]!)
    for (let count = 1 + random(4); count > 0; count--) {
      const at = random(bytes.length)
      if (random(3) === 0) bytes.copy(bytes, at, random(bytes.length))
      else bytes[at] = random(2) === 0 ? random(256) : [0, 1, 0x7f, 0x80, 0xf0, 0xff][random(6)]!
    }
    const decoder = new PeersDecoder(all)
    for (let at = 0; at < bytes.length; ) {
      const piece = bytes.subarray(at, (at += 1 + random(60)))
      decoder.feed(piece)
      for (const event of drain(decoder)) ends.set(event.type, (ends.get(event.type) ?? 0) + 1)
      if (decoder.held > LONGEST_MESSAGE) t.fail(`holds ${decoder.held} bytes`)
    }
  }
  t.ok((ends.get('broken') ?? 0) > 100 && (ends.get('update') ?? 0) > 1000, JSON.stringify([...ends]))
})
