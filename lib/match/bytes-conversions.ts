/**
 * What can be made of bytes before they are compared: HAProxy's converters as methods (manual, chapter 7.3.1). Only `bytes-sample.ts`
 * imports this file: the kinds of samples refer to each other, and each has to be made after its conversions.
 */
import type { BytesSample } from './bytes-sample.js'
import { convertBy, type Word } from './converted.js'
import { debugged } from './converters/debug.js'
import type { EventSink } from './event-sink.js'
import type { FlagSample } from './flag-sample.js'
import type { NumberSample } from './number-sample.js'
import type { Phase } from './phase.js'
import { Sample } from './sample.js'
import type { TextSample } from './text-sample.js'
import { type TypedSample, typedSample } from './typed-sample.js'
import type { SampleType } from './value.js'
import type { VariableName } from './variable.js'

/** The conversions of bytes. Where there is no value, or none can be made of it, the converted sample has none. */
export class BytesConversions<in P extends Phase> extends Sample<Buffer, P> {
  /** As hexadecimal digits. HAProxy: `hex`. */
  hex(): TextSample<P> {
    return this.convert('str', 'hex')
  }

  /** As hexadecimal digits, with a separator behind every so many bytes; `truncate` leaves away what is left at the end. HAProxy: `be2hex`. */
  hexChunks(separator: string, size: number, truncate?: boolean): TextSample<P> {
    return this.convert('str', 'be2hex', separator, size, truncate === true ? 1 : undefined)
  }

  /** As numbers of up to 8 bytes each, the upper ones first. HAProxy: `be2dec`. */
  decimal(separator: string, size: number, truncate?: boolean): TextSample<P> {
    return this.convert('str', 'be2dec', separator, size, truncate === true ? 1 : undefined)
  }

  /** In base64. HAProxy: `base64`. */
  base64(): TextSample<P> {
    return this.convert('str', 'base64')
  }

  /** In base64 for URLs, without padding. HAProxy: `ub64enc`. */
  base64Url(): TextSample<P> {
    return this.convert('str', 'ub64enc')
  }

  /** A piece of it. HAProxy: `bytes`. */
  slice(offset: number, length?: number): BytesSample<P> {
    return this.convert('bin', 'bytes', offset, length)
  }

  /** The other way round. HAProxy: `reverse`. */
  reverse(): BytesSample<P> {
    return this.convert('bin', 'reverse')
  }

  /** A digest of OpenSSL, as `'sha256'`. HAProxy: `digest`. */
  digest(algorithm: string): BytesSample<P> {
    return this.convert('bin', 'digest', algorithm)
  }

  /** A message authentication code. The key stands in base64, in the argument or in the variable that it names. HAProxy: `hmac`. */
  hmac(algorithm: string, key: string): BytesSample<P> {
    return this.convert('bin', 'hmac', algorithm, key)
  }

  /** The SHA-1 digest. HAProxy: `sha1`. */
  sha1(): BytesSample<P> {
    return this.convert('bin', 'sha1')
  }

  /** A digest of SHA-2, of 256 bits if nothing else is said. HAProxy: `sha2`. */
  sha2(bits?: 224 | 256 | 384 | 512): BytesSample<P> {
    return this.convert('bin', 'sha2', bits)
  }

  /** Whether a variable holds the same bytes; it takes as long wherever they differ. HAProxy: `secure_memcmp`. */
  isSecret(variable: VariableName): FlagSample<P> {
    return this.convert('bool', 'secure_memcmp', variable)
  }

  /** The CRC of Ethernet and gzip. HAProxy: `crc32`. */
  crc32(): NumberSample<P> {
    return this.convert('int', 'crc32')
  }

  /** A fast hash of 64 bits. Not for secrets. HAProxy: `xxh64`. */
  xxh64(seed?: number): NumberSample<P> {
    return this.convert('int', 'xxh64', seed)
  }

  /** Whether it has control characters other than tabs (`any`: those as well, `http`: only what no header may hold). HAProxy: `has_ctl`. */
  hasControlCharacters(mask?: 'any' | 'http'): FlagSample<P> {
    return this.convert('bool', 'has_ctl', mask)
  }

  /** A field of a Protocol Buffers message, as in `48.59.1`. HAProxy: `protobuf`. */
  protobuf(path: string): BytesSample<P> {
    return this.convert('bin', 'protobuf', path)
  }

  /** A number of a Protocol Buffers message, of a type as `'int32'`. HAProxy: `protobuf`. */
  protobufNumber(path: string, type: string): NumberSample<P> {
    return this.convert('int', 'protobuf', path, type)
  }

  /** A field of a Protocol Buffers message within gRPC. HAProxy: `ungrpc`. */
  ungrpc(path: string): BytesSample<P> {
    return this.convert('bin', 'ungrpc', path)
  }

  /** As a text. */
  toText(): TextSample<P> {
    return typedSample('str', this)
  }

  /** The same; each value that is seen is shown, by default in the balancer's `buf0`, which `show events` prints, and as its event `seen`. HAProxy: `debug`. */
  debug(prefix = '', sink?: EventSink): BytesSample<P> {
    return typedSample('bin', debugged(this as Sample<never, never>, prefix, sink)) as unknown as BytesSample<P>
  }

  /** Through a converter that has no method of its own, by HAProxy's name and words. The result is made to `type`. */
  convert<T extends SampleType>(type: T, name: string, ...words: readonly Word[]): TypedSample<T, P> {
    return typedSample(type, convertBy<P>(this, name, words))
  }
}
