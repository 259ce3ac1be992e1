/** How long the process has been running, as it is shown. */
import type { Balancer } from '../balancer.js'

/** Milliseconds. */
export function uptimeOf({ engine }: Balancer): number {
  return Math.max(engine.clock.wall() - engine.process.startedAt, 0)
}

function parts(uptime: number): [days: number, hours: number, minutes: string, seconds: string] {
  const seconds = Math.floor(uptime / 1000)
  const two = (value: number): string => String(value % 60).padStart(2, '0')
  return [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, two(Math.floor(seconds / 60)), two(seconds)]
}

/** `0d 0h04m06s`, as `show info` has it. */
export function longUptime(uptime: number): string {
  const [days, hours, minutes, seconds] = parts(uptime)
  return `${days}d ${hours}h${minutes}m${seconds}s`
}

/** `0:00:04:06`, as a timed prompt has it. */
export function shortUptime(uptime: number): string {
  const [days, hours, minutes, seconds] = parts(uptime)
  return `${days}:${String(hours).padStart(2, '0')}:${minutes}:${seconds}`
}
