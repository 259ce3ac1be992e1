/** Recorded from HAProxy 2.6, order by order. */
import t from 'tap'
import { adminNotices, healthNotices, type ServerNotice, warmNotice } from '../../lib/observe/server-notice.js'

const ready = { admin: 'ready', inherited: 'ready', ordered: 'ready', state: 'up' } as const
const up: ServerNotice = {
  ...{ server: 'b/s1', backup: false, tracked: undefined, ...ready, before: ready, via: false, because: '' },
  ...{ active: 2, backups: 1, current: 4, requeued: 1, queued: 5 },
}
const tracking: ServerNotice = { ...up, server: 'b/s3', tracked: 'b/s1' }
const maint = { admin: 'maint', ordered: 'maint' } as const
const drain = { admin: 'drain', ordered: 'drain' } as const
const underMaint = { inherited: 'maint', ordered: 'maint' } as const
const underDrain = { inherited: 'drain', ordered: 'drain' } as const
const lines = (notices: readonly { readonly level: string; readonly text: string }[]): string[] =>
  notices.map(({ level, text }) => `${level}: ${text}`)
const left = '2 active and 1 backup servers left. 4 sessions active, 1 requeued, 5 remaining in queue.'
const online = '2 active and 1 backup servers online. 1 sessions requeued, 5 total in queue.'

t.test('up, down and stopping', async (t) => {
  const down: ServerNotice = { ...up, state: 'down', because: ', changed from CLI' }
  t.same(lines(healthNotices(down)), [`alert: Server b/s1 is DOWN, changed from CLI. ${left}`])
  t.same(lines(healthNotices({ ...tracking, state: 'down', via: true })), [
    `alert: Server b/s3 is DOWN via b/s1. ${left}`,
  ])
  t.same(lines(healthNotices({ ...up, state: 'stopping' })), [`notice: Server b/s1 is stopping. ${online}`])
  const late: ServerNotice = { ...up, state: 'down', before: { ...ready, state: 'stopping' } }
  t.same(lines(healthNotices(late)), [`notice: Server b/s1 is DOWN. ${left}`], 'it was out of use already')
  const back: ServerNotice = { ...up, backup: true, before: { ...ready, state: 'down' } }
  t.same(lines(healthNotices(back)), [`notice: Backup Server b/s1 is UP. ${online}`])
  t.same(lines(healthNotices({ ...back, active: 0 })), [
    'notice: Backup Server b/s1 is UP. 0 active and 1 backup servers online. Running on backup. 1 sessions requeued, 5 total in queue.',
  ])
  t.same(lines(healthNotices({ ...back, ...maint })), [])
  t.same(lines([warmNotice(up)]), [`notice: Server b/s1 is UP. ${online}`])
})

t.test('a drain goes on while it goes up and down', async (t) => {
  const back: ServerNotice = { ...up, ...drain, before: { ...ready, ...drain, state: 'down' } }
  t.same(lines(healthNotices(back)), [
    `notice: Server b/s1 is UP. ${online}`,
    'notice: Server b/s1 remains in forced drain mode.',
  ])
  const follower: ServerNotice = {
    ...tracking,
    ...underDrain,
    via: true,
    state: 'down',
    before: { ...ready, ...underDrain },
  }
  t.same(lines(healthNotices(follower)), [
    `notice: Server b/s3 is DOWN via b/s1. ${left}`,
    'notice: Server b/s3 is leaving forced drain but remains in drain mode via b/s1.',
  ])
})

t.test('into maintenance and out of it', async (t) => {
  t.same(lines(adminNotices({ ...up, ...maint })), [`alert: Server b/s1 is going DOWN for maintenance. ${left}`])
  t.same(lines(adminNotices({ ...up, ...maint, before: { ...ready, ...drain } })), [
    `notice: Server b/s1 is going DOWN for maintenance. ${left}`,
  ])
  t.same(lines(adminNotices({ ...tracking, ...underMaint })), [
    `alert: Server b/s3 is going DOWN for maintenance via b/s1. ${left}`,
  ])
  t.same(lines(adminNotices({ ...tracking, ...underMaint, state: 'down', before: { ...ready, state: 'down' } })), [
    'notice: Server b/s3 was DOWN and now enters maintenance via b/s1.',
  ])
  const leaves: ServerNotice = { ...up, before: { ...ready, ...maint } }
  t.same(lines(adminNotices(leaves)), ['notice: Server b/s1 is UP/READY (leaving forced maintenance).'])
  t.same(lines(adminNotices({ ...leaves, state: 'down' })), [
    'notice: Server b/s1 is DOWN/READY (leaving forced maintenance).',
  ])
  t.same(lines(adminNotices({ ...leaves, ...drain })), [
    'notice: Server b/s1 is UP/DRAIN (leaving forced maintenance).',
    'notice: Server b/s1 remains in forced drain mode.',
  ])
  t.same(lines(adminNotices({ ...tracking, before: { ...ready, ...underMaint } })), [
    'notice: Server b/s3 is UP/READY (leaving maintenance).',
  ])
  const both = { ...maint, inherited: 'maint' } as const
  t.same(lines(adminNotices({ ...tracking, ...underMaint, before: { ...ready, ...both } })), [
    'notice: Server b/s3 is leaving forced maintenance but remains in maintenance via b/s1.',
  ])
  t.same(lines(adminNotices({ ...tracking, ...maint, before: { ...ready, ...both } })), [
    'notice: Server b/s3 remains in forced maintenance.',
  ])
  t.same(lines(adminNotices({ ...tracking, ...both, before: { ...ready, ...maint } })), [], 'nothing is different')
})

t.test('into a drain and out of it', async (t) => {
  t.same(lines(adminNotices({ ...up, ...drain })), [`notice: Server b/s1 enters drain state. ${online}`])
  t.same(lines(adminNotices({ ...up, ...drain, state: 'down', before: { ...ready, state: 'down' } })), [
    `notice: Server b/s1 enters drain state. ${left}`,
  ])
  t.same(lines(adminNotices({ ...tracking, ...underDrain })), [
    `notice: Server b/s3 enters drain state via b/s1. ${online}`,
  ])
  t.same(lines(adminNotices({ ...up, before: { ...ready, ...drain } })), [
    'notice: Server b/s1 is UP (leaving forced drain).',
  ])
  const both = { ...drain, inherited: 'drain' } as const
  t.same(lines(adminNotices({ ...tracking, ...both, before: { ...ready, ...drain } })), [
    'notice: Server b/s3 remains in forced drain mode.',
  ])
  t.same(lines(adminNotices({ ...tracking, ...underDrain, before: { ...ready, ...both } })), [
    'notice: Server b/s3 is leaving forced drain but remains in drain mode via b/s1.',
  ])
})
