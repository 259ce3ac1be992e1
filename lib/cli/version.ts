/** What `-v` and `-vv` print: who we are, what language we speak, and what this build can do. */
import { arch, release, type } from 'node:os'
import { ownVersion } from '../admin/own-version.js'
import type { Capabilities } from '../config/capabilities.js'

const language = (capabilities: Capabilities): string => capabilities.version.split('.').slice(0, 2).join('.')

/** `-v`. */
export function shortVersion(capabilities: Capabilities): string {
  return `fairlead version ${ownVersion()}
Language : HAProxy ${language(capabilities)}
Running on: Node.js ${process.version}, ${type()} ${release()} ${arch()}
`
}

/** `-vv`. The feature list is in HAProxy's form, so that scripts which look for `+NAME` find it. */
export function longVersion(capabilities: Capabilities): string {
  const features = [...capabilities.features].map(([name, have]) => `${have ? '+' : '-'}${name}`)
  return `${shortVersion(capabilities)}
Feature list : ${features.join(' ')}

Default settings :
  bufsize = 16384, maxrewrite = 1024, maxhdr = 101

Serves on one thread.
Running on ${capabilities.tlsLibrary} version : ${capabilities.tlsLibraryVersion}
Running on V8 version : ${process.versions.v8}
Running on libuv version : ${process.versions.uv}

Available multiplexer protocols :
         h1 : mode=HTTP  side=FE|BE
       none : mode=TCP   side=FE|BE

Available services : none
Available filters : none
`
}
