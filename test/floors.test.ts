/** The house's floors, held: imports point down only, and outside the command nobody touches the process. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative, sep } from 'node:path'
import t from 'tap'

/** Rooms by floor; rooms of one floor do not know each other. */
const FLOORS: readonly (readonly string[])[] = [
  ['base'],
  ['message'],
  ['match', 'codec'],
  ['balance', 'table'],
  ['rules', 'observe'],
  ['proxy'],
  ['engine'],
  ['balancer.ts', 'index.ts'],
  ['admin', 'redis', 'testing'],
  ['config'],
  ['cli'],
]
/** The public names stand on the composition root, and both are the same floor. */
const NEIGHBOURS: ReadonlySet<string> = new Set(['index.ts → balancer.ts'])

const lib = join(process.cwd(), 'lib')
const files = (readdirSync(lib, { recursive: true }) as string[]).filter((file) => file.endsWith('.ts')).sort()

function floorOf(room: string): number {
  return FLOORS.findIndex((rooms) => rooms.includes(room))
}

const roomOf = (file: string): string => file.split(sep)[0] as string

/** Code without comments and without what stands in strings and templates; import paths are kept. */
function bare(source: string): string {
  return source.replace(/\/\*.*?\*\//gs, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1')
}

/** What a file imports: values, types, re-exports, `import()` in code and in types. */
function importsOf(source: string): string[] {
  const pattern = /\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g
  return [...bare(source).matchAll(pattern)].map((match) => match[1] as string)
}

t.test('every room has its floor', async (t) => {
  const strange = [...new Set(files.map(roomOf))].filter((room) => floorOf(room) === -1)
  t.same(strange, [])
  t.ok(files.length > 100, 'the files were found')
})

t.test('imports point down, never up and never sideways', async (t) => {
  const wrong: string[] = []
  let seen = 0
  for (const file of files) {
    const from = roomOf(file)
    for (const path of importsOf(readFileSync(join(lib, file), 'utf8'))) {
      if (!path.startsWith('.')) continue
      seen++
      const target = relative(lib, normalize(join(lib, dirname(file), path))).replace(/\.js$/, '.ts')
      const to = roomOf(target)
      if (from === to || NEIGHBOURS.has(`${from} → ${to}`)) continue
      if (floorOf(to) === -1 || floorOf(to) >= floorOf(from)) wrong.push(`${file} imports ${target}`)
    }
  }
  t.same(wrong, [])
  t.ok(seen > 300, `${seen} imports were looked at`)
})

t.test('what the test sees: every way to write an import', async (t) => {
  const source = `
    import a from './a.js'
    import type { B } from "./b.js"
    export { c } from './c.js'
    export * from './d.js'
    import './e.js'
    const f = await import('./f.js')
    type G = import('./g.js').G
    // import h from './h.js'
    /* from './i.js' */
    import {
      j,
    } from './j.js'`
  t.same(
    importsOf(source).map((path) => path[2]),
    ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'j'],
  )
})

/** What a library leaves alone. The log that goes to stdout is asked for by name. */
const MANNERS =
  /\bprocess\s*\.\s*(?:on|once|addListener|exit|abort|stdout|stderr|title|setuid|setgid|chdir)\b|\bconsole\s*\./

t.test('outside cli/ nobody handles signals, exits, or writes to the terminal', async (t) => {
  const wrong = files
    .filter((file) => roomOf(file) !== 'cli')
    .filter((file) => MANNERS.test(bare(readFileSync(join(lib, file), 'utf8'))))
  t.same(wrong, [])
  t.match('process.exit(1)', MANNERS)
  t.match('console.log', MANNERS)
})

t.test('no room keeps state of its own: no mutable variable stands at the top of a file', async (t) => {
  const wrong = files
    .filter((file) => roomOf(file) !== 'cli')
    .filter((file) => /^(?:export )?(?:let|var) /m.test(bare(readFileSync(join(lib, file), 'utf8'))))
  t.same(wrong, [])
})

t.test('outside of tests nobody reads the system clock or chance but base', async (t) => {
  const wrong = files
    .filter((file) => !['base', 'cli'].includes(roomOf(file)))
    .filter((file) =>
      /\bDate\.now\(|\bperformance\.now\(|\bMath\.random\(|\bsetTimeout\(|\bsetInterval\(/.test(
        bare(readFileSync(join(lib, file), 'utf8')),
      ),
    )
  t.same(wrong, [])
})
