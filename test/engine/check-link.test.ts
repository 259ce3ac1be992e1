import { Duplex } from 'node:stream'
import t from 'tap'
import { CheckLink } from '../../lib/engine/check-link.js'
import type { Engine } from '../../lib/engine/engine.js'
import { systemNetwork } from '../../lib/engine/network.js'

class Line extends Duplex {
  remoteAddress: string | undefined = '192.0.2.1'
  resets = 0

  override _read(): void {}

  /** As Node's: a reset waits for the connection. */
  resetAndDestroy(): void {
    this.resets++
  }
}

const linkOver = (line: Line): CheckLink => {
  const owner = { connected() {}, heard() {}, broken() {} }
  return new CheckLink(
    { network: { dial: () => line } } as unknown as Engine,
    { host: '192.0.2.1', port: 1 },
    owner,
    100,
  )
}

t.test('a connection that is there is reset, one that never came is given up at once', (t) => {
  const silent = new Line()
  linkOver(silent).close(false)
  t.match(silent, { destroyed: true, resets: 0 })
  const there = new Line()
  const link = linkOver(there)
  there.emit('connect')
  link.close(false)
  t.match(there, { destroyed: false, resets: 1 })
  there.destroy()
  const unix = new Line()
  unix.remoteAddress = undefined
  const other = linkOver(unix)
  unix.emit('connect')
  other.close(false)
  t.match(unix, { destroyed: true, resets: 0 }, 'sockets of files know no resets')
  t.end()
})

t.test('what is no port leaves nothing open', (t) => {
  const open = (): number => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length
  const before = open()
  for (const port of [-1, 1.5, 65_536, Number.NaN])
    t.throws(() => systemNetwork.dial({ host: '127.0.0.1', port }), {
      name: 'RangeError',
      message: `${port} is no port`,
    })
  t.equal(open(), before)
  t.end()
})
