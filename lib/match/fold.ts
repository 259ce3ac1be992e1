/** Lower case as bytes have it. */

/** Lower case for ASCII letters only, as bytes are compared: other letters of latin1 keep their case. */
export function foldCase(text: string): string {
  return /[\x80-\xff]/.test(text) ? text.replace(/[A-Z]+/g, (part) => part.toLowerCase()) : text.toLowerCase()
}
