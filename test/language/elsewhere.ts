/**
 * Words that no case of the table can exercise, and the tests that do: each entry names a file of `test/`, the title of a test or of a
 * differential exchange in it, and the words whose breaking would turn that test red.
 */
export interface Elsewhere {
  readonly file: string
  /** As it stands in the file. */
  readonly title: string
  readonly covers: readonly string[]
}

export const elsewhere: readonly Elsewhere[] = []
