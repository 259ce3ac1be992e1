/** The answers that we give in our own name, byte for byte as HAProxy writes them; whose connection they end is for the caller to say. */
import { Headers } from '../message/headers.js'
import { Response } from '../message/response.js'
import { reasonPhrase } from '../message/status.js'
import type { ReplyBody } from './verdict.js'

/** An answer of ours: head and body. The head is fresh, so that rules may change it. */
export interface Reply {
  readonly response: Response
  readonly body: ReplyBody
  /** The connection ends with it. */
  readonly close?: boolean
  /** Nothing is sent, and the connection is closed. */
  readonly silent?: boolean
}

interface Page {
  readonly reason: string
  readonly text: string
}

const page = (reason: string, text: string): Page => ({ reason, text })

const PAGES: ReadonlyMap<number, Page> = new Map([
  [200, page('OK', 'Service ready.')],
  [400, page('Bad request', 'Your browser sent an invalid request.')],
  [401, page('Unauthorized', 'You need a valid user and password to access this content.')],
  [403, page('Forbidden', 'Request forbidden by administrative rules.')],
  [404, page('Not Found', 'The resource could not be found.')],
  [
    405,
    page(
      'Method Not Allowed',
      'A request was made of a resource using a request method not supported by that resource',
    ),
  ],
  [407, page('Unauthorized', 'You need a valid user and password to access this content.')],
  [408, page('Request Time-out', "Your browser didn't send a complete request in time.")],
  [410, page('Gone', 'The resource is no longer available and will not be available again.')],
  [413, page('Payload Too Large', 'The request entity exceeds the maximum allowed.')],
  // Those of 414 and 431 came after 2.6; their texts are ours.
  [414, page('URI Too Long', 'The target of the request is too long.')],
  [421, page('Misdirected Request', 'Request sent to a non-authoritative server.')],
  [422, page('Unprocessable Content', 'The server cannot process the contained instructions.')],
  [425, page('Too Early', 'Your browser sent early data.')],
  [429, page('Too Many Requests', 'You have sent too many requests in a given amount of time.')],
  [431, page('Request Header Fields Too Large', 'The fields of the request are too large.')],
  [500, page('Internal Server Error', 'An internal server error occurred.')],
  [501, page('Not Implemented', '.The server does not support the functionality required to fulfill the request.')],
  [502, page('Bad Gateway', 'The server returned an invalid or incomplete response.')],
  [503, page('Service Unavailable', 'No server is available to handle this request.')],
  [504, page('Gateway Time-out', "The server didn't respond in time.")],
])

/** The statuses that have a page of their own: what HAProxy's `errorfile` and `deny_status` accept. */
export const pageStatuses: readonly number[] = [...PAGES.keys()]

/** Our own answer for a status; one without a page of its own gets an empty body. */
export function defaultReply(status: number): Reply {
  const page = PAGES.get(status)
  if (page === undefined) {
    return {
      response: new Response(status, reasonPhrase(status), '1.1', new Headers(['content-length', '0'])),
      body: '',
    }
  }
  const body = `<html><body><h1>${status} ${page.reason}</h1>\n${page.text}\n</body></html>\n`
  const fields = ['content-length', String(body.length), 'cache-control', 'no-cache', 'content-type', 'text/html']
  return { response: new Response(status, page.reason, '1.1', new Headers(fields)), body }
}
