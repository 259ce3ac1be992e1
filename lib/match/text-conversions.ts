/**
 * What can be made of texts before they are compared: HAProxy's converters as methods (manual, chapter 7.3.1). Only `text-sample.ts`
 * imports this file: the kinds of samples refer to each other, and each has to be made after its conversions.
 */
import type { AddressSample } from './address-sample.js'
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

/** The conversions of texts. Where there is no value, or none can be made of it, the converted sample has none. */
export class TextConversions<in P extends Phase> extends Sample<string, P> {
  /** In lower case, letters of ASCII only. HAProxy: `lower`. */
  lower(): TextSample<P> {
    return this.convert('str', 'lower')
  }

  /** In upper case, letters of ASCII only. HAProxy: `upper`. */
  upper(): TextSample<P> {
    return this.convert('str', 'upper')
  }

  /** How many bytes it has. HAProxy: `length`. */
  length(): NumberSample<P> {
    return this.convert('int', 'length')
  }

  /** The field with a number from 1 on, or from -1 at the end; of several from there on, `count`, 0 for all. Empty fields count. HAProxy: `field`. */
  field(index: number, delimiters: string, count?: number): TextSample<P> {
    return this.convert('str', 'field', index, delimiters, count)
  }

  /** As {@link field}, but any number of delimiters parts two words. HAProxy: `word`. */
  word(index: number, delimiters: string, count?: number): TextSample<P> {
    return this.convert('str', 'word', index, delimiters, count)
  }

  /** Without these characters at its beginning. HAProxy: `ltrim`. */
  ltrim(characters: string): TextSample<P> {
    return this.convert('str', 'ltrim', characters)
  }

  /** Without these characters at its end. HAProxy: `rtrim`. */
  rtrim(characters: string): TextSample<P> {
    return this.convert('str', 'rtrim', characters)
  }

  /** Up to the first line break. HAProxy: `cut_crlf`. */
  cutCrlf(): TextSample<P> {
    return this.convert('str', 'cut_crlf')
  }

  /** The labels of a domain the other way round: `com.example`. HAProxy: `reverse_dom`. */
  reverseDomain(): TextSample<P> {
    return this.convert('str', 'reverse_dom')
  }

  /** What a regular expression (PCRE) matches is replaced by a template with `\\1`; flags `g` and `i`. A costly expression blocks everybody. HAProxy: `regsub`. */
  regsub(regex: string, template: string, flags?: string): TextSample<P> {
    return this.convert('str', 'regsub', regex, template, flags)
  }

  /** With a text, what a variable holds and another text behind it. HAProxy: `concat`. */
  concat(start: string, variable?: VariableName, end?: string): TextSample<P> {
    return this.convert('str', 'concat', start, variable, end)
  }

  /** The same as one more item of a list. HAProxy: `add_item`. */
  addItem(delimiter: string, variable?: VariableName, suffix?: string): TextSample<P> {
    return this.convert('str', 'add_item', delimiter, variable, suffix)
  }

  /** Percent signs decoded, and `+` where it stands for a blank: behind a question mark, or everywhere in a form. HAProxy: `url_dec`. */
  urlDecode(inForm?: boolean): TextSample<P> {
    return this.convert('str', 'url_dec', inForm === undefined ? undefined : Number(inForm))
  }

  /** All but letters, digits and `-_.~` as percent signs. HAProxy: `url_enc`. */
  urlEncode(): TextSample<P> {
    return this.convert('str', 'url_enc')
  }

  /** Of a Host field the name, in lower case. HAProxy: `host_only`. */
  hostOnly(): TextSample<P> {
    return this.convert('str', 'host_only')
  }

  /** Of a Host field the port, 0 without one. HAProxy: `port_only`. */
  portOnly(): NumberSample<P> {
    return this.convert('int', 'port_only')
  }

  /** The value of `name=value` in a list, which is not decoded. HAProxy: `param`. */
  parameter(name: string, delimiter?: string): TextSample<P> {
    return this.convert('str', 'param', name, delimiter)
  }

  /** Of these languages the one that an Accept-Language field prefers. HAProxy: `language`. */
  language(known: readonly string[], otherwise?: string): TextSample<P> {
    return this.convert('str', 'language', known.join(';'), otherwise)
  }

  /** What stands at a path of a JSON text, as in `'$.user.name'`. HAProxy: `json_query`. */
  json(path: string): TextSample<P> {
    return this.convert('str', 'json_query', path)
  }

  /** The whole part of the number at a path of a JSON text. HAProxy: `json_query`. */
  jsonNumber(path: string): NumberSample<P> {
    return this.convert('int', 'json_query', path, 'int')
  }

  /** With the escapes of a JSON string. HAProxy: `json`. */
  escapeJson(encoding?: 'ascii' | 'utf8' | 'utf8s' | 'utf8p' | 'utf8ps'): TextSample<P> {
    return this.convert('str', 'json', encoding)
  }

  /** Of a JSON Web Token the header, or what stands at a path of it. Nothing has been verified. HAProxy: `jwt_header_query`. */
  jwtHeader(path?: string): TextSample<P> {
    return this.convert('str', 'jwt_header_query', path)
  }

  /** Of a JSON Web Token the payload, or what stands at a path of it. Nothing has been verified. HAProxy: `jwt_payload_query`. */
  jwtPayload(path?: string): TextSample<P> {
    return this.convert('str', 'jwt_payload_query', path)
  }

  /** 1 when a JSON Web Token is signed with this secret, or by the owner of this public key (the text of its PEM file); 0 when not, less on faults: compare with `is(1)`. The algorithm must be yours, not the token's. HAProxy: `jwt_verify`. */
  jwtVerify(algorithm: string, key: string): NumberSample<P> {
    return this.convert('int', 'jwt_verify', algorithm, key)
  }

  /** What stands in base64. HAProxy: `b64dec`. */
  base64Decode(): BytesSample<P> {
    return this.convert('bin', 'b64dec')
  }

  /** What stands in base64 for URLs. HAProxy: `ub64dec`. */
  base64UrlDecode(): BytesSample<P> {
    return this.convert('bin', 'ub64dec')
  }

  /** The number that hexadecimal digits are. HAProxy: `hex2i`. */
  hexInteger(): NumberSample<P> {
    return this.convert('int', 'hex2i')
  }

  /** 0 when a variable holds the same text, less when this one goes first. For secrets use {@link isSecret}. HAProxy: `strcmp`. */
  compare(variable: VariableName): NumberSample<P> {
    return this.convert('int', 'strcmp', variable)
  }

  /** Whether a variable holds the same bytes; it takes as long wherever they differ. HAProxy: `secure_memcmp`. */
  isSecret(variable: VariableName): FlagSample<P> {
    return this.convert('bool', 'secure_memcmp', variable)
  }

  /** The seconds since 1970 of a date as HTTP writes them. HAProxy: `date`. */
  httpDateSeconds(): NumberSample<P> {
    return this.convert('int', 'date')
  }

  /** Its bytes as hexadecimal digits. HAProxy: `hex`. */
  hex(): TextSample<P> {
    return this.convert('str', 'hex')
  }

  /** Its bytes in base64. HAProxy: `base64`. */
  base64(): TextSample<P> {
    return this.convert('str', 'base64')
  }

  /** A digest of OpenSSL, as `'sha256'`. HAProxy: `digest`. */
  digest(algorithm: string): BytesSample<P> {
    return this.convert('bin', 'digest', algorithm)
  }

  /** A message authentication code. The key stands in base64, in the argument or in the variable that it names. HAProxy: `hmac`. */
  hmac(algorithm: string, key: string): BytesSample<P> {
    return this.convert('bin', 'hmac', algorithm, key)
  }

  /** The CRC of Ethernet and gzip. HAProxy: `crc32`. */
  crc32(): NumberSample<P> {
    return this.convert('int', 'crc32')
  }

  /** A fast hash of 64 bits. Not for secrets. HAProxy: `xxh64`. */
  xxh64(seed?: number): NumberSample<P> {
    return this.convert('int', 'xxh64', seed)
  }

  /** As an integer: texts by the digits that they begin with. */
  toInteger(): NumberSample<P> {
    return typedSample('int', this)
  }

  /** As an address, where it is one. */
  toAddress(): AddressSample<P> {
    return typedSample('ip', this)
  }

  /** As bytes. */
  toBytes(): BytesSample<P> {
    return typedSample('bin', this)
  }

  /** The same; each value that is seen is shown, by default in the balancer's `buf0`, which `show events` prints, and as its event `seen`. HAProxy: `debug`. */
  debug(prefix = '', sink?: EventSink): TextSample<P> {
    return typedSample('str', debugged(this as Sample<never, never>, prefix, sink)) as unknown as TextSample<P>
  }

  /** Through a converter that has no method of its own, by HAProxy's name and words. The result is made to `type`. */
  convert<T extends SampleType>(type: T, name: string, ...words: readonly Word[]): TypedSample<T, P> {
    return typedSample(type, convertBy<P>(this, name, words))
  }
}
