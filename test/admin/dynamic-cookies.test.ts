import t from 'tap'
import { RuntimeApi } from '../../lib/admin/index.js'
import { parseConfig } from '../../lib/config/index.js'
import { Balancer } from '../../lib/index.js'
import { TestClock } from '../../lib/testing/index.js'

const CONFIG = `
defaults
  mode http
  timeout connect 1s
  timeout client 1s
  timeout server 1s
backend be
  cookie SRV insert
  dynamic-cookie-key secret
  server a 127.0.0.1:80
  server b 127.0.0.1:81 cookie own
backend none
  server a 127.0.0.1:80 cookie own
`

t.test('cookies of places are switched, and made with another key, while it runs', async (t) => {
  const { frontends, backends } = parseConfig(CONFIG)
  const api = new RuntimeApi(new Balancer({ frontends, backends, clock: new TestClock() }))
  const shown = async (): Promise<readonly string[]> => {
    const [names = [], ...rows] = (await api.execute('show stat'))
      .trim()
      .split('\n')
      .map((line) => line.split(','))
    return rows.map((row) => `${row[0]}/${row[1]} ${row[names.indexOf('cookie')]}`)
  }
  const others = ['be/b own', 'be/BACKEND SRV', 'none/a own', 'none/BACKEND ']
  t.same(await shown(), ['be/a ', ...others])
  t.equal(await api.execute('enable dynamic-cookie backend be'), '\n')
  t.same(await shown(), ['be/a 83fb1331509c7322', ...others])
  t.equal(await api.execute('set dynamic-cookie-key backend be other'), '\n')
  t.same(await shown(), ['be/a a4bd7b5eaf35eb9a', ...others])
  t.equal(await api.execute('disable dynamic-cookie backend be'), '\n')
  t.same(await shown(), ['be/a ', ...others])
  t.equal(await api.execute('enable dynamic-cookie backend'), 'A backend name is expected.\n\n')
  t.equal(await api.execute('enable dynamic-cookie backend nobody'), 'No such backend.\n\n')
  t.equal(await api.execute('set dynamic-cookie-key backend be'), 'String value expected.\n\n')
  t.equal(await api.execute('set dynamic-cookie-key backend none x'), 'The backend has no cookie.\n\n')
})
