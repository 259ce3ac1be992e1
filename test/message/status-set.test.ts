/** Sets of statuses, as they are written and changed. */
import t from 'tap'
import { type StatusSet, usualErrors, usualFailures } from '../../lib/message/status-set.js'

/** The members as ranges. */
function members(set: StatusSet): string {
  const ranges: string[] = []
  for (let status = 0; status <= 700; status++) {
    if (!set.has(status)) continue
    const first = status
    while (set.has(status + 1)) status++
    ranges.push(first === status ? `${first}` : `${first}-${status}`)
  }
  return ranges.join(' ')
}

t.test('what words make of it', async (t) => {
  for (const [text, said] of [
    ['400,402-444,446-480,490', '400 402-444 446-480 490'],
    ['400-499 -450 +500', '400-449 451-500'],
    ['-450-459', '400-449 460-499'],
    ['+501,505', '400-499 501 505'],
    ['-400-499', ''],
    ['+503 404', '404'],
    ['100-599', '100-599'],
  ] as const)
    t.equal(members(usualErrors.change(text)), said, text)
  t.equal(members(usualErrors), '400-499', 'the one that is changed stays as it is')
  t.equal(members(usualFailures), '500 502-504 506-599')
})

t.test('what is no status is told', async (t) => {
  for (const text of [
    '',
    ' ',
    '99',
    '600',
    '404-403',
    '4xx',
    '+',
    '-',
    '404,',
    '404--405',
    '++404',
    '4041',
    '404-',
    '0404',
  ])
    t.throws(() => usualErrors.change(text), /status/, JSON.stringify(text))
})
