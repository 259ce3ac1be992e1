/** What a section is that describes neither the process nor a proxy (`resolvers`, `userlist` …): how it opens, and who takes its lines. */
import type { Line } from './keyword.js'
import type { SectionHeader } from './sections.js'
import type { ThingDrafts } from './thing-drafts.js'

/** Takes the lines of one section. */
export interface SectionReader {
  /** One line; its keyword is the line's first word. */
  take(line: Line): void
  /** The section is over. What is missing can be told now. */
  end?(): void
}

/** A section's first line: its words behind the name, and the means to complain about it. */
export interface SectionOpening {
  readonly header: SectionHeader
  /** Its keyword is the section's word, its words are what stands behind the section's name. */
  readonly line: Line
  /** Where what the section describes is kept for whoever names it. */
  readonly things: ThingDrafts
}

/** One kind of section. */
export interface SectionKeyword {
  readonly name: string
  readonly open: (opening: SectionOpening) => SectionReader
}
