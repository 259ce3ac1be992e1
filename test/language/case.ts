/**
 * A case of the decision language: what stands in a haproxy.cfg, what a client sends, and (recorded from HAProxy) what comes of it.
 * This file says what a case may hold; the cases are in `cases/<topic>.ts`, each of which exports `cases`.
 *
 * An author's loop, with `<build>` the folder that `tsc -p test/tsconfig.json --outDir <build>` writes to:
 *
 * ```sh
 * node <build>/test/language/record.js [topic…]                      # asks the real haproxy, writes recorded/<topic>.json: read the diff
 * FAIRLEAD_CASES=converters node <build>/test/language/language.test.js   # ours, in memory, against the recording
 * FAIRLEAD_CASES=converters node <build>/test/interop/language.test.js    # both programs, live
 * ```
 *
 * `FAIRLEAD_CASES` is a topic, or a part of the names of cases. In all lines these are replaced: `{id}`, a word of the case's own for the names of
 * sections (they share one file with hundreds of others); `{frontend}` and `{backend}`, the names of its proxies; `{port}`, where it listens;
 * `{server}` and `{server-port}`, its server; `{log}`, an address for `log`; `{dir}`, the folder of its files. In what is compared, what differs
 * from run to run stands as these words again, and dates, process ids and uuids as `{date}`, `{pid}`, `{uuid}`.
 */

/** What is compared. */
export type Sight = 'answer' | 'server' | 'log' | 'load'

export interface LanguageCase {
  /** Unique within its file. */
  readonly name: string
  /**
   * The words that it exercises: when their handler breaks, this case is red. `fetch:path`, `converter:add`, `match:beg`, `flag:-i`,
   * `action:http-request return`, `alias:%ci`, `keyword:errorfile`, `section:http-errors`, `global:maxconn`, `bind:name`, `server:weight`.
   */
  readonly covers: readonly string[]

  /** The answer is what this sample gives: `http-request return lf-string '<%[…]>'`. What is compared stands between `<` and `>`. */
  readonly expression?: string | undefined
  /** The same with a whole format string. */
  readonly format?: string | undefined
  /** The answer is `yes` or `no`: `{ path_beg /x }`, or names of ACLs. */
  readonly condition?: string | undefined
  /** Where the three above are asked. Default `request`. */
  readonly at?: 'request' | 'response' | undefined

  /** Lines of the frontend, before the shorthand's own. */
  readonly frontend?: readonly string[] | undefined
  /** Lines of its default backend, which is `server s1 {server}` when none of them is a server. */
  readonly backend?: readonly string[] | undefined
  /** Words behind the address on the `bind` line, and on the line of the backend's own server. */
  readonly bind?: string | undefined
  readonly server?: string | undefined
  /** Lines of the `defaults` section, behind the mode and the time-outs. */
  readonly defaults?: readonly string[] | undefined
  /** Further sections, whole: `userlist`, `http-errors`, `backend other-{id}`. */
  readonly sections?: string | undefined
  /** Lines of `global`. Cases with the same ones share a process. */
  readonly global?: readonly string[] | undefined
  /** A process of its own, for what others would disturb: counters, variables of the process. */
  readonly alone?: boolean | undefined
  /** Files in `{dir}`, one character a byte. */
  readonly files?: Readonly<Record<string, string>> | undefined
  readonly mode?: 'http' | 'tcp' | undefined

  /**
   * What the client sends, one character a byte; default `GET /` of www.example.com. Of several parts each is sent when the one before was
   * answered, or nothing came for 80 ms.
   */
  readonly send?: string | readonly string[] | undefined
  /** The client's address; default 127.0.0.1. */
  readonly from?: string | undefined
  /** What the server answers to each request (the last repeats), one character a byte. Default: 200 with `ok`. In TCP mode it closes afterwards. */
  readonly origin?: string | readonly string[] | undefined
  /** How long an answer is waited for, in ms, before silence is what there is to see. Default 3000. */
  readonly patience?: number | undefined

  /** Default: the answer. `server`: the requests as the server got them. `load`: whether it loads, and with `expect` the loader's words. */
  readonly sees?: readonly Sight[] | undefined
  /** What else differs from run to run, and what stands for it. */
  readonly mask?: readonly (readonly [pattern: RegExp, word: string])[] | undefined

  /** HAProxy's version that brought it, when that is later than 2.6: not compared, `expect` is written by hand from the manual. */
  readonly since?: string | undefined
  /** Why the two programs differ on purpose; `expect` is ours, and the recording is HAProxy's. */
  readonly differs?: string | undefined
  /** By hand. With `load`: what our messages must contain. */
  readonly expect?: string | undefined
}

/** The cases of one file. */
export interface Topic {
  readonly name: string
  readonly cases: readonly LanguageCase[]
}
