/** Where the time goes: the functions of a V8 profile by their own share. It reads what `node --cpu-prof` wrote. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Node {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
}
interface Profile {
  readonly nodes: readonly Node[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

/** The costliest functions of the profiles in a folder, as lines; the time spent waiting is left out. */
export function costliest(folder: string, count: number): string[] {
  if (!existsSync(folder)) return ['no profile']
  const own = new Map<string, number>()
  let total = 0
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'))) {
    const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile
    const names = new Map(profile.nodes.map((node) => [node.id, label(node)]))
    profile.samples.forEach((id, index) => {
      const name = names.get(id) ?? '?'
      if (name === '(idle)') return
      const time = profile.timeDeltas[index] ?? 0
      total += time
      own.set(name, (own.get(name) ?? 0) + time)
    })
  }
  const sorted = [...own].sort((a, b) => b[1] - a[1]).slice(0, count)
  return sorted.map(([name, time]) => `${((time / total) * 100).toFixed(1).padStart(6)} %  ${name}`)
}

function label({ callFrame }: Node): string {
  const { functionName, url, lineNumber } = callFrame
  if (url === '') return functionName || '(anonymous)'
  const file = url.includes('/dist/') ? url.slice(url.lastIndexOf('/dist/') + 1) : url
  return `${functionName || '(anonymous)'}  ${file}:${lineNumber + 1}`
}
