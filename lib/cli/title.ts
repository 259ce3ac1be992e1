/** What `ps` and `top` show of the process. */
import { writeFileSync } from 'node:fs'

/** Calls the process `fairlead`, with the words of its command line behind, as HAProxy stands in a list of processes. */
export function showTitle(words: readonly string[]): void {
  process.title = ['fairlead', ...words].join(' ')
  if (process.platform !== 'linux') return
  try {
    // Node takes the first 15 characters of the title for the name, which `pidof` and `pgrep -x` look for: it is to stand alone.
    writeFileSync('/proc/self/comm', 'fairlead')
  } catch {
    // Without /proc there is nobody to read it.
  }
}
