/** Samples by the type of their values: which class is whose. */
import { AddressSample } from './address-sample.js'
import { BytesSample } from './bytes-sample.js'
import { typedAs } from './converted.js'
import { FlagSample } from './flag-sample.js'
import { NumberSample } from './number-sample.js'
import type { Phase } from './phase.js'
import type { Sample } from './sample.js'
import { TextSample } from './text-sample.js'
import type { SampleType } from './value.js'

interface SampleOf<P extends Phase> {
  readonly str: TextSample<P>
  readonly meth: TextSample<P>
  readonly int: NumberSample<P>
  readonly bool: FlagSample<P>
  readonly ip: AddressSample<P>
  readonly bin: BytesSample<P>
}

/** The kind of sample for a type of values. */
export type TypedSample<T extends SampleType, P extends Phase> = SampleOf<P>[T]

/** A sample made to a type. */
export function typedSample<T extends SampleType, P extends Phase>(
  type: T,
  sample: Sample<unknown, P>,
): TypedSample<T, P> {
  return makers[type](sample as Sample<unknown, never>) as unknown as TypedSample<T, P>
}

const makers: { readonly [T in SampleType]: (sample: Sample<unknown, never>) => Sample<unknown, never> } = {
  str: (sample) => new TextSample(typedAs('str', sample)),
  meth: (sample) => new TextSample(typedAs('meth', sample)),
  int: (sample) => new NumberSample(typedAs('int', sample)),
  bool: (sample) => new FlagSample(typedAs('bool', sample)),
  ip: (sample) => new AddressSample(typedAs('ip', sample)),
  bin: (sample) => new BytesSample(typedAs('bin', sample)),
}
