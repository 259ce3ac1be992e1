/** The loader for texts that hold one character a byte, with the words of a haproxy.cfg or with others. */

import { configWords } from '../../../lib/config/config-words.js'
import { Diagnostics } from '../../../lib/config/diagnostic.js'
import type { Config } from '../../../lib/config/index.js'
import { load } from '../../../lib/config/loader.js'
import type { Words } from '../../../lib/config/words.js'

export const loadWith =
  (words: Words) =>
  (text: string): Config =>
    load([{ name: 'haproxy.cfg', text }], new Diagnostics(), { environment: process.env }, words)

export const loadText = loadWith(configWords)
