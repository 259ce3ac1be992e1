/** Log variables of moments: when the connection was accepted, and when the request began. */
import type { Alias } from '../../match/alias.js'
import { datePrinter, localDatePrinter, threeDigits, utcDatePrinter } from '../dates.js'
import { acceptedAt, type TransactionRecord } from '../record.js'
import { ofRecord } from './definition.js'

type Moment = (record: TransactionRecord) => number
const began: Moment = ({ startedAt }) => startedAt

const date = (name: string, summary: string, print: (wall: number) => string, when: Moment, http = false): Alias =>
  ofRecord(name, 'plain', summary, (record) => print(when(record)), { http })

/** Made anew for each reader of formats, since printers remember. */
export const dateAliases = (): readonly Alias[] => [
  date('T', 'when the connection was accepted, in UTC', utcDatePrinter(), acceptedAt),
  date('Tl', 'when the connection was accepted, in local time', localDatePrinter(), acceptedAt),
  date('t', 'when the connection was accepted, in local time with milliseconds', datePrinter(), acceptedAt),
  ofRecord('Ts', 'hexable', 'when the connection was accepted, in seconds since 1970', (record) =>
    Math.floor(acceptedAt(record) / 1000),
  ),
  ofRecord('ms', 'plain', 'the milliseconds of %t, three digits', (record) =>
    threeDigits(Math.floor(acceptedAt(record)) % 1000),
  ),
  date('tr', 'when the request began, in local time with milliseconds', datePrinter(), began, true),
  date('trg', 'when the request began, in UTC', utcDatePrinter(), began, true),
  date('trl', 'when the request began, in local time', localDatePrinter(), began, true),
]
