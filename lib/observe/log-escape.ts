/** What must not stand in a log line as it is. Manual, chapter 8.6. */

const QUOTE = 34
const HASH = 35

/** HAProxy's escape: `#` and two hex digits for what is not printable, for `"` and for `#` itself. */
export function escapeLog(text: string): string {
  for (let index = 0; index < text.length; index++) {
    if (mustEscape(text.charCodeAt(index))) return escapeFrom(text, index, mustEscape)
  }
  return text
}

/** The same in captured headers, whose delimiters `{`, `|` and `}` are escaped as well. */
export function escapeCapture(text: string): string {
  for (let index = 0; index < text.length; index++) {
    if (mustEscapeCaptured(text.charCodeAt(index))) return escapeFrom(text, index, mustEscapeCaptured)
  }
  return text
}

const mustEscape = (code: number): boolean => code < 32 || code > 126 || code === QUOTE || code === HASH
const mustEscapeCaptured = (code: number): boolean => mustEscape(code) || (code >= 123 && code <= 125)

function escapeFrom(text: string, start: number, escapes: (code: number) => boolean): string {
  let escaped = text.slice(0, start)
  for (let index = start; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (escapes(code)) escaped += `#${(code & 0xff).toString(16).toUpperCase().padStart(2, '0')}`
    else escaped += text[index]
  }
  return escaped
}
