/** The section `userlist`: users with passwords and groups. Manual, chapter 3.4. The lists are made in `users-link.ts`. */
import type { Line } from '../keyword.js'
import type { SectionKeyword } from '../section-keyword.js'
import type { UserListDraft } from '../thing-drafts.js'

const names = (word: string | undefined): readonly string[] => (word ?? '').split(',').filter((name) => name !== '')

function readUser(line: Line, list: UserListDraft): void {
  const [name = '', ...words] = line.args
  if (name === '') {
    line.alert("'user' expects <name> as arguments.")
    return
  }
  if (list.users.has(name)) {
    line.warning(`ignoring duplicated user '${name}' in userlist '${list.name}'.`, 'remove it')
    return
  }
  let password: { readonly kind: 'password' | 'insecurePassword'; readonly text: string } | undefined
  let groups: readonly string[] = []
  while (words.length > 0) {
    const [option, value] = words.splice(0, 2)
    if (option === 'password') password = { kind: 'password', text: value ?? '' }
    else if (option === 'insecure-password') password = { kind: 'insecurePassword', text: value ?? '' }
    else if (option === 'groups') groups = names(value)
    else {
      line.alert("'user' only supports 'password', 'insecure-password' and 'groups' options.", `'${option}' is none`)
      return
    }
  }
  list.users.set(name, { ...line.place, password, groups })
}

function readGroup(line: Line, list: UserListDraft): void {
  const [name = '', ...words] = line.args
  if (name === '') {
    line.alert("'group' expects <name> as arguments.")
    return
  }
  if (list.groups.has(name)) {
    line.warning(`ignoring duplicated group '${name}' in userlist '${list.name}'.`, 'remove it')
    return
  }
  let users: readonly string[] = []
  while (words.length > 0) {
    const [option, value] = words.splice(0, 2)
    if (option !== 'users') {
      line.alert("'group' only supports 'users' option.", `'${option}' is none`)
      return
    }
    users = names(value)
  }
  list.groups.set(name, { ...line.place, users })
}

export const userListSection: SectionKeyword = {
  name: 'userlist',
  open: ({ header, line, things }) => {
    line.atMost(0)
    let list = things.users.get(header.name)
    if (list === undefined) {
      list = { name: header.name, users: new Map(), groups: new Map(), made: undefined }
      things.users.set(header.name, list)
    } else
      line.warning(`ignoring duplicated userlist '${header.name}'.`, 'its lines go to the first one: write them there')
    const known = list
    return {
      take: (each) => {
        if (each.keyword === 'user') readUser(each, known)
        else if (each.keyword === 'group') readGroup(each, known)
        else each.alert(`unknown keyword '${each.keyword}' in 'userlist' section`, "it has 'user' and 'group' lines")
      },
    }
  },
}
