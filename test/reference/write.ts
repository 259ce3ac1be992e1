/** `npm run docs:reference`: writes docs/reference anew. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pages } from './pages.js'

const folder = join(process.cwd(), 'docs/reference')
mkdirSync(folder, { recursive: true })
for (const [name, text] of pages()) writeFileSync(join(folder, name), text)
