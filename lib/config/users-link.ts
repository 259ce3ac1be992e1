/** Drafts of `userlist` sections → lists of users. */
import { OptionError, PasswordError, UserList, type UserOptions } from '../index.js'
import { hashedPassword } from '../match/password.js'
import { didYouMean } from './advice.js'
import type { Diagnostics } from './diagnostic.js'
import type { UserDraft, UserListDraft } from './thing-drafts.js'

/** Makes the lists, and tells whatever keeps them from being made. */
export function makeUserLists(drafts: Iterable<UserListDraft>, diagnostics: Diagnostics): void {
  for (const draft of drafts) {
    const groups = membership(draft, diagnostics)
    const users = [...draft.users].map(
      ([name, user]) => [name, optionsOf(name, user, [...(groups.get(name) ?? [])], diagnostics)] as const,
    )
    try {
      draft.made = new UserList(draft.name, users)
    } catch (error) {
      // A name that no section can have has been told where the section opens.
      if (!(error instanceof OptionError)) throw error
    }
  }
}

/** The groups of each user, from both sides. */
function membership(draft: UserListDraft, diagnostics: Diagnostics): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = new Map([...draft.users].map(([name, user]) => [name, new Set(user.groups)]))
  for (const [name, user] of draft.users) {
    for (const group of user.groups) {
      if (draft.groups.has(group)) continue
      const message = `userlist '${draft.name}': no such group '${group}' specified in user '${name}'.`
      diagnostics.alert(user, message, didYouMean(group, draft.groups.keys()) ?? `add 'group ${group}'`)
    }
  }
  for (const [name, group] of draft.groups) {
    for (const user of group.users) {
      const found = groups.get(user)
      found?.add(name)
      if (found !== undefined) continue
      const message = `userlist '${draft.name}': no such user '${user}' specified in group '${name}'.`
      diagnostics.alert(group, message, didYouMean(user, draft.users.keys()) ?? `add 'user ${user}'`)
    }
  }
  return groups
}

/** A user whose password nothing can match never gets in: that is told. */
function optionsOf(name: string, user: UserDraft, groups: readonly string[], diagnostics: Diagnostics): UserOptions {
  const { password } = user
  if (password?.kind === 'insecurePassword') return { insecurePassword: password.text, groups }
  if (password === undefined) {
    diagnostics.warning(user, `user '${name}' has no password: nobody gets in by that name.`, "add 'password <hash>'")
    return { groups }
  }
  try {
    if (hashedPassword(password.text) !== undefined) return { password: password.text, groups }
    const message = `user '${name}' : '${password.text}' is not a hash of a password: nobody gets in by that name.`
    diagnostics.warning(user, message, "make one with 'mkpasswd -m sha-512', or write 'insecure-password'")
  } catch (error) {
    if (!(error instanceof PasswordError)) throw error
    diagnostics.alert(user, `user '${name}' : ${error.message}.`, error.advice)
  }
  return { groups }
}
