/** All converters of this room. */
import type { ConverterDefinition } from '../converter.js'
import { addressConverters } from './address.js'
import { byteConverters } from './bytes.js'
import { captureConverters } from './capture.js'
import { certificateConverters } from './certificate.js'
import { cipherConverters } from './cipher.js'
import { debugConverters } from './debug.js'
import { digestConverters } from './digest.js'
import { fixConverters } from './fix.js'
import { forwardedConverters } from './forwarded.js'
import { hashConverters } from './hash.js'
import { integerConverters } from './integer.js'
import { jsonConverters } from './json.js'
import { jweConverters } from './jwe.js'
import { jwtConverters } from './jwt.js'
import { mqttConverters } from './mqtt.js'
import { packetConverters } from './packet.js'
import { protobufConverters } from './protobuf.js'
import { refusedConverters } from './refused.js'
import { textConverters } from './text.js'
import { timeConverters } from './time.js'
import { variableConverters } from './variables.js'
import { webConverters } from './web.js'
import { wordConverters } from './words.js'

/** The converters that need nothing but what `match/` knows. */
export const matchConverters: readonly ConverterDefinition[] = [
  ...addressConverters,
  ...byteConverters,
  ...captureConverters,
  ...certificateConverters,
  ...cipherConverters,
  ...debugConverters,
  ...digestConverters,
  ...fixConverters,
  ...forwardedConverters,
  ...hashConverters,
  ...integerConverters,
  ...jsonConverters,
  ...jweConverters,
  ...jwtConverters,
  ...mqttConverters,
  ...packetConverters,
  ...protobufConverters,
  ...refusedConverters,
  ...textConverters,
  ...timeConverters,
  ...variableConverters,
  ...webConverters,
  ...wordConverters,
]
