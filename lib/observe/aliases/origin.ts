/** The log variable that tells on whose behalf a line is written: %OG. */
import type { Alias } from '../../match/alias.js'
import { ofRecord } from './definition.js'

export const originAlias: Alias = ofRecord(
  'OG',
  'text',
  'where the line comes from: txn_accept … txn_close, sess_error, or the rule set of a do-log',
  ({ logOrigin }) => logOrigin,
)
