/** What is under way, as `show sess` tells of it: HAProxy's words for what there is here, without the flags of its own buffers. */
import type { Transaction } from '../engine/transaction.js'

/** What a transaction is called by while it runs. */
export const sessionId = ({ record }: Transaction): number => record.number + 1

const pointer = (transaction: Transaction): string => `0x${sessionId(transaction).toString(16)}`

function clientOf({ record }: Transaction): { readonly proto: string; readonly text: string } {
  const { clientAddress, clientPort } = record
  if (clientAddress === '') return { proto: 'unix_stream', text: 'unix:1' }
  return { proto: clientAddress.includes(':') ? 'tcpv6' : 'tcpv4', text: `${clientAddress}:${clientPort}` }
}

const ageOf = ({ engine, began }: Transaction): number => Math.floor((engine.clock.now() - began) / 1000)

const names = ({ frontend, backend, server }: Transaction) => ({
  fe: frontend.name,
  be: backend?.name ?? '<NONE>',
  srv: server?.name ?? '<none>',
})

/** One line. */
export function sessionLine(transaction: Transaction): string {
  const { proto, text } = clientOf(transaction)
  const { fe, be, srv } = names(transaction)
  const { stage } = transaction
  return `${pointer(transaction)}: proto=${proto} src=${text} fe=${fe} be=${be} srv=${srv} age=${ageOf(transaction)}s stage=${stage}\n`
}

/** Several lines. */
export function sessionDetails(transaction: Transaction): string {
  const { frontend, backend, server, record, stage, engine, context } = transaction
  const { proto, text } = clientOf(transaction)
  const upstream = context.upstream
  const place = server === undefined ? '' : ` addr=${server.address}`
  const source = upstream?.localAddress === undefined ? '' : ` addr=${upstream.localAddress}:${upstream.localPort ?? 0}`
  return [
    `${pointer(transaction)}: [${dateText(engine.clock.wall() - (engine.clock.now() - transaction.began))}] id=${record.number} proto=${proto} source=${text}`,
    `  stage=${stage}, conn_retries=${record.retries}, age=${ageOf(transaction)}s`,
    `  frontend=${frontend.name} (id=${frontend.id} mode=${frontend.mode}), addr=${record.destinationAddress}:${record.destinationPort}`,
    backend === undefined
      ? '  backend=<NONE> (id=-1 mode=-)'
      : `  backend=${backend.name} (id=${backend.id} mode=${backend.mode})${source}`,
    server === undefined ? '  server=<NONE> (id=-1)' : `  server=${server.name} (id=${server.id})${place}`,
    ...(record.mode === 'http'
      ? [`  txn: ${record.method} ${record.target} ${record.version} status=${record.status}`]
      : []),
    '',
  ].join('\n')
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** As HAProxy's logs have it, with microseconds. */
export function dateText(wall: number): string {
  const at = new Date(wall)
  const two = (value: number): string => String(value).padStart(2, '0')
  const micro = String(Math.floor((wall % 1000) * 1000)).padStart(6, '0')
  return `${two(at.getDate())}/${MONTHS[at.getMonth()]}/${at.getFullYear()}:${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${micro}`
}
