/** The client's side: wrk, or autocannon where it is missing, and a single request that checks the answer. */
import { spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { otherCore, pinned } from './process.js'
import type { Scenario } from './scenarios.js'

export interface Load {
  readonly requests: number
  readonly seconds: number
  readonly bytes: number
  /** Milliseconds. */
  readonly p99: number
  /** Connections that failed, answers that timed out, answers with a status that is not 200. */
  readonly errors: number
}

export interface Generator {
  readonly name: string
  run(port: number, scenario: Scenario, seconds: number): Promise<Load>
}

export const hasWrk = (): boolean => !spawnSync('wrk', ['-v']).error

/** What a command printed; it runs on the client's core. */
export function output(command: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const [file, ...args] = pinned(otherCore, command)
    const child = spawn(file!, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    child.stdout.on('data', (bytes) => {
      text += bytes
    })
    child.stderr.on('data', (bytes) => {
      text += bytes
    })
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`${command[0]} exited ${code}: ${text.trim()}`)),
    )
  })
}

const wrkReport = `
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('{"requests":%d,"seconds":%f,"bytes":%d,"p99":%f,"errors":%d}\\n', summary.requests,
    summary.duration / 1e6, summary.bytes, latency:percentile(99) / 1000, e.connect + e.read + e.write + e.status + e.timeout))
end
`

export function wrk(folder: string): Generator {
  return {
    name: 'wrk',
    async run(port, scenario, seconds) {
      const script = join(folder, `${scenario.name}.lua`)
      const body = scenario.upload ? `wrk.method = "POST"\nwrk.body = string.rep("x", ${scenario.upload})\n` : ''
      writeFileSync(script, body + wrkReport)
      const headers = [...scenario.headers, ...(scenario.close ? ['Connection: close'] : [])].flatMap((line) => [
        '-H',
        line,
      ])
      const text = await output(
        [
          'wrk',
          '-t1',
          `-c${scenario.connections}`,
          `-d${seconds}s`,
          '--timeout',
          '10s',
          '-s',
          script,
          ...headers,
        ].concat(`http://127.0.0.1:${port}${scenario.path}`),
      )
      const line = text.split('\n').find((each) => each.startsWith('{'))
      if (line === undefined) throw new Error(`wrk reported nothing: ${text}`)
      return JSON.parse(line) as Load
    },
  }
}

interface CannonReport {
  readonly duration: number
  readonly errors: number
  readonly timeouts: number
  readonly non2xx: number
  readonly requests: { readonly total: number }
  readonly throughput: { readonly total: number }
  readonly latency: { readonly p99: number }
}

export function autocannon(peers: string, folder: string): Generator {
  return {
    name: 'autocannon',
    async run(port, scenario, seconds) {
      const upload = join(folder, 'upload')
      if (scenario.upload) writeFileSync(upload, 'x'.repeat(scenario.upload))
      const text = await output([
        process.execPath,
        join(peers, 'node_modules/autocannon/autocannon.js'),
        '--json',
        '--no-progress',
        ...['-c', String(scenario.connections), '-d', String(seconds)],
        ...(scenario.upload ? ['-m', 'POST', '-i', upload] : []),
        ...scenario.headers.flatMap((line) => ['-H', line.replace(': ', '=')]),
        ...(scenario.close ? ['-H', 'connection=close'] : []),
        `http://127.0.0.1:${port}${scenario.path}`,
      ])
      const report = JSON.parse(text.slice(text.indexOf('{'))) as CannonReport
      return {
        requests: report.requests.total,
        seconds: report.duration,
        bytes: report.throughput.total,
        p99: report.latency.p99,
        errors: report.errors + report.timeouts + report.non2xx,
      }
    },
  }
}

/** Asks once, and says what is wrong with the answer: another status than 200, or a body of another length. */
export function fault(port: number, scenario: Scenario): Promise<string | undefined> {
  return new Promise((resolve) => {
    const method = scenario.upload ? 'POST' : 'GET'
    const headers = { connection: 'close', ...(scenario.upload ? { 'content-length': scenario.upload } : {}) }
    const asked = request({ host: '127.0.0.1', port, path: scenario.path, method, headers, agent: false }, (res) => {
      let length = 0
      res.on('data', (bytes: Buffer) => {
        length += bytes.length
      })
      res.on('error', (error) => resolve(`answer broke off: ${error.message}`))
      res.on('end', () => {
        if (res.statusCode !== 200) resolve(`answered ${res.statusCode}`)
        else if (length !== scenario.answer) resolve(`answered ${length} bytes instead of ${scenario.answer}`)
        else resolve(undefined)
      })
    })
    asked.setTimeout(10_000, () => asked.destroy(new Error('no answer in 10 s')))
    asked.on('error', (error) => resolve(`no answer: ${error.message}`))
    asked.end(scenario.upload ? 'x'.repeat(scenario.upload) : undefined)
  })
}
