/** Numbers as C prints them by default: six significant digits, no zeros at the end, a power of ten where it is shorter. */

/** As `%g` does. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf'
  const [digits = '', power = '0'] = value.toExponential(5).split('e')
  const exponent = Number(power)
  const sign = Object.is(value, -0) ? '-' : ''
  if (exponent >= -4 && exponent < 6) return sign + withoutZeros(value.toFixed(5 - exponent))
  const size = String(Math.abs(exponent)).padStart(2, '0')
  return `${withoutZeros(digits)}e${exponent < 0 ? '-' : '+'}${size}`
}

function withoutZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}
