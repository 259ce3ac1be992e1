/** The version of a map or an ACL that a command is about: `@<number>` in front of its name. */

/** What follows it; no version when none was said. */
export function versionOf(args: readonly string[]): {
  readonly version: number | undefined
  readonly rest: readonly string[]
} {
  const [first = '', ...rest] = args
  if (!first.startsWith('@')) return { version: undefined, rest: args }
  return { version: Number(/^\d{1,15}/.exec(first.slice(1))?.[0] ?? 0), rest }
}
