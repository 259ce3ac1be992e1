/** Where the states of servers are kept from one process to the next. Manual, `server-state-file`, `load-server-state-from-file`. */
import { type ProcessKeyword, type ProxyKeyword, serverSide } from '../keyword.js'

const stateFile: ProcessKeyword = {
  name: 'server-state-file',
  parse: (line, { settings }) => {
    if (line.first === '') line.alert("'server-state-file' expect one argument: a file path.")
    else if (settings.serverStateFile !== undefined)
      line.alert("'server-state-file' already specified. Continuing.", 'remove one of them')
    else settings.serverStateFile = line.first
  },
}

const stateBase: ProcessKeyword = {
  name: 'server-state-base',
  parse: (line, { settings }) => {
    if (line.first === '') line.alert("'server-state-base' expects one argument: a directory path.")
    else if (settings.serverStateBase !== undefined)
      line.alert("'server-state-base' already specified. Continuing.", 'remove one of them')
    else settings.serverStateBase = line.first
  },
}

const loadFrom: ProxyKeyword = {
  name: 'load-server-state-from-file',
  sections: serverSide,
  elsewhere: 'ignored',
  parse: (line, { settings }) => {
    const { first } = line
    if (first === 'global' || first === 'local' || first === 'none') settings.serverState = first
    else line.alert(`'load-server-state-from-file' expects 'global', 'local' or 'none'. Got '${first}'`)
  },
}

const fileName: ProxyKeyword = {
  name: 'server-state-file-name',
  sections: serverSide,
  elsewhere: 'ignored',
  parse: (line, draft) => {
    if (!line.atMost(1)) return
    const own = line.first === '' || line.first === 'use-backend-name'
    draft.settings.serverStateName = own ? undefined : line.first
  },
}

export const stateProcessKeywords: readonly ProcessKeyword[] = [stateFile, stateBase]
export const stateProxyKeywords: readonly ProxyKeyword[] = [loadFrom, fileName]
