import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ownNames } from './docstrings.js'
import { pages } from './pages.js'

const folder = join(process.cwd(), 'docs/reference')

t.test('docs/reference says what the code says: if not, npm run docs:reference', async (t) => {
  const made = pages()
  t.same(readdirSync(folder).sort(), [...made.keys()].sort())
  for (const [name, text] of made) t.equal(readFileSync(join(folder, name), 'utf8'), text, name)
})

t.test('docstrings name the words of HAProxy that they stand for', async (t) => {
  t.match(ownNames('match/fetches').get('req.hdr'), [{ name: 'header', file: 'match/fetches/header.ts' }])
  t.match(ownNames('rules').get('set-header'), [{ name: 'setHeader', summary: /^Removes all lines of a field/ }])
  const text = pages().get('questions.md') ?? ''
  t.match(text, /\| `src` \|.*\| `src` \| ip \| everywhere \|/)
})
