/** What is wrong with a line of a file of server states: it is looked at as a whole, so that it is taken over as a whole or not at all. */
import { Ip } from '../base/ip.js'
import { nameOfStatus, operational, type StateLine } from './server-state.js'

type Column = keyof StateLine
type Test = (value: string) => boolean

const INTEGER = /^-?\d{1,9}$/
const within =
  (least: number, most: number): Test =>
  (value) =>
    INTEGER.test(value) && Number(value) >= least && Number(value) <= most

/** A count of seconds; a clock that was set back has made negative ones. */
const seconds: Test = (value) => INTEGER.test(value)
const status: Test = (value) => within(-1, 4)(value) || nameOfStatus(Number(value)) !== undefined
const address: Test = (value) => value === '-' || Ip.parse(value) !== undefined
/** The word is `-` where nobody knows a name. */
const name: Test = (value) => value === '-' || /^[\w.-]{1,255}$/.test(value)

/** HAProxy's own bounds, and no fractions. */
const TESTS: readonly (readonly [Column, Test, shown?: string])[] = [
  ['srv_op_state', within(operational.stopped, operational.stopping)],
  ['srv_admin_state', within(0, 65_535)],
  ['srv_uweight', within(0, 256)],
  ['srv_iweight', within(0, 256)],
  ['srv_time_since_last_change', seconds, 'srv_last_time_change'],
  ['srv_check_status', status],
  ['srv_check_result', within(0, 4)],
  ['srv_check_health', seconds],
  ['srv_check_state', within(0, 31)],
  ['srv_agent_state', within(0, 31)],
  ['srv_fqdn', name],
  ['srv_port', within(0, 65_535)],
  ['srv_check_port', within(0, 65_535)],
  ['srv_check_addr', address],
  ['srv_agent_addr', address],
  ['srv_agent_port', within(0, 65_535)],
]

/** What HAProxy would say of it; undefined when nothing is wrong. */
export function faultOf(line: StateLine): string | undefined {
  const wrong = TESTS.find(([column, passes]) => !passes(line[column]))
  if (wrong === undefined) return undefined
  const [column, , shown = column] = wrong
  return `server-state application failed for server '${line.be_name}/${line.srv_name}', invalid ${shown} value '${line[column]}'`
}
