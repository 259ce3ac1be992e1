/** The first bytes of a TLS connection, as a latin1 string. */

const u8 = (value: number) => String.fromCharCode(value)
const u16 = (value: number) => u8(value >> 8) + u8(value & 255)
const vector8 = (text: string) => u8(text.length) + text
const vector16 = (text: string) => u16(text.length) + text
const extension = (type: number, body: string) => u16(type) + vector16(body)

/** A TLS 1.2 client hello (RFC 5246 7.4.1.2), with a server name (RFC 6066 3) when one is given. */
export function clientHello(name?: string): string {
  const serverName = name === undefined ? '' : extension(0, vector16(u8(0) + vector16(name)))
  const extensions = extension(10, vector16(u16(0x001d))) + serverName + extension(13, vector16(u16(0x0403)))
  const body =
    u16(0x0303) +
    'r'.repeat(32) +
    vector8('') +
    vector16(u16(0xc02f) + u16(0x1301)) +
    vector8(u8(0)) +
    vector16(extensions)
  const handshake = u8(1) + u8(0) + u16(body.length) + body
  return u8(22) + u16(0x0301) + vector16(handshake)
}
