/** The last words to a client whose bytes were no request: a whole answer as text, as HAProxy writes it. */
import { defaultReply } from '../rules/default-replies.js'

/** A complete answer that ends the connection. */
export function faultText(status: number): string {
  const { response, body } = defaultReply(status)
  const line = `HTTP/1.1 ${response.status} ${response.reason}\r\n`
  // HAProxy's pages for these two do not say that they are the last ones.
  const close = status === 413 || status === 422 ? '' : 'Connection: close\r\n'
  const fields = `Cache-Control: no-cache\r\n${close}Content-Type: text/html\r\n`
  return `${line}Content-length: ${body.length}\r\n${fields}\r\n${body}`
}
