/** Options for checks of other protocols: `option mysql-check`, `pgsql-check`, `redis-check`, `smtpchk`, `ldap-check`, `ssl-hello-chk`, `spop-check`. */
import {
  type HealthCheck,
  ldapCheck,
  mysqlCheck,
  pgsqlCheck,
  redisCheck,
  smtpCheck,
  spopCheck,
  sslHelloCheck,
} from '../../index.js'
import { type Line, type ProxyKeyword, serverSide } from '../keyword.js'

/** Complains of what stands behind the last word that is understood. */
function endsAt(line: Line, count: number): boolean {
  const odd = line.args[count]
  if (odd === undefined) return true
  line.alert(`'${line.keyword}' cannot handle unexpected argument '${odd}'.`, 'remove it')
  return false
}

const plain =
  (make: () => HealthCheck) =>
  (line: Line): HealthCheck | undefined =>
    endsAt(line, 0) ? make() : undefined

function readMysql(line: Line): HealthCheck | undefined {
  const [word, user = '', version] = line.args
  if (word === undefined) return mysqlCheck()
  if (word !== 'user') {
    line.alert(`'${line.keyword}' only supports optional values: 'user' (got '${word}').`, "write 'user <name>'")
    return undefined
  }
  if (user === '') {
    line.alert(`'${line.keyword} user' expects <username> as argument.`)
    return undefined
  }
  if (version !== undefined && version !== 'pre-41' && version !== 'post-41') {
    line.alert(`keyword 'user' only supports 'post-41' and 'pre-41' (got '${version}').`)
    return undefined
  }
  return endsAt(line, 3) ? mysqlCheck({ user, pre41: version === 'pre-41' }) : undefined
}

function readPgsql(line: Line): HealthCheck | undefined {
  const [word, user = ''] = line.args
  if (word !== 'user' || user === '') {
    line.alert(`'${line.keyword}' expects 'user <username>' as argument.`)
    return undefined
  }
  return endsAt(line, 2) ? pgsqlCheck({ user }) : undefined
}

/** Any word that is no greeting gives the usual one, as in HAProxy. */
function readSmtp(line: Line): HealthCheck | undefined {
  const [hello, domain = ''] = line.args
  if (!endsAt(line, 2)) return undefined
  if ((hello === 'HELO' || hello === 'EHLO') && domain !== '') return smtpCheck({ hello, domain })
  if (hello !== undefined) {
    const message = `'${line.keyword}' expects 'HELO' or 'EHLO' and a domain: 'HELO localhost' is sent.`
    line.warning(message, "write 'option smtpchk EHLO <domain>'")
  }
  return smtpCheck()
}

const check = (name: string, read: (line: Line) => HealthCheck | undefined): ProxyKeyword => ({
  name: `option ${name}`,
  sections: serverSide,
  elsewhere: 'ignored',
  negatable: false,
  parse: (line, { settings }) => {
    const made = orFault(line, () => read(line))
    if (made === undefined) return
    settings.check = { ...settings.check, kind: made }
  },
})

/** A name may have characters or a length that no packet can carry. */
function orFault(line: Line, read: () => HealthCheck | undefined): HealthCheck | undefined {
  try {
    return read()
  } catch (error) {
    line.alert((error as Error).message)
    return undefined
  }
}

export const protocolCheckKeywords: readonly ProxyKeyword[] = [
  check('mysql-check', readMysql),
  check('pgsql-check', readPgsql),
  check('redis-check', plain(redisCheck)),
  check('smtpchk', readSmtp),
  check('ldap-check', plain(ldapCheck)),
  check('ssl-hello-chk', plain(sslHelloCheck)),
  check('spop-check', plain(spopCheck)),
]
