/** A fetch or a converter as a haproxy.cfg writes it, its arguments quoted so that reading gives the same ones again. */

/** What needs no quotes. */
const plain = /^[^\s,()'"\\]+$/

const escapes: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\\', '\\\\'],
  ['"', '\\"'],
])

function argumentText(word: string): string {
  if (plain.test(word)) return word
  if (!/['\n\r]/.test(word)) return `'${word}'`
  return `"${word.replace(/[\n\r\t\\"]/g, (char) => escapes.get(char) ?? char)}"`
}

/** `field(1,',')`; without arguments only the name. An argument that is left away at the end must not be in the list. */
export function callText(name: string, words: readonly (string | number)[]): string {
  if (words.length === 0) return name
  return `${name}(${words.map((word) => argumentText(String(word))).join(',')})`
}
