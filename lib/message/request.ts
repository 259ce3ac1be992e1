/** A request's head as a value: method, target, version, header fields. Its body flows elsewhere. */
import { FieldError, Headers, type HeadersInit, isToken, sameName } from './headers.js'
import { splitTarget, type TargetForm, type TargetParts } from './uri.js'

/** The versions that a message of ours can have. */
export type Version = '1.0' | '1.1'

/**
 * A request. `path`, `query` and the like are read from `target` when they are asked for, and writing them changes
 * `target`, as HAProxy's `set-path`, `set-query`, `set-pathq` and `set-uri` do. Strings are latin1, nothing is decoded.
 */
export class Request {
  /** Case-sensitive (RFC 9110 §9.1). */
  method: string
  version: Version
  readonly headers: Headers
  private raw: string
  private parts: TargetParts | undefined

  /** Takes everything as it is, unchecked; {@link Request.from} checks. */
  constructor(method: string, target: string, version: Version = '1.1', headers: Headers = new Headers()) {
    this.method = method
    this.version = version
    this.headers = headers
    this.raw = target
    this.parts = undefined
  }

  /** A request from loose parts; throws {@link FieldError} on what cannot be sent. */
  static from(method: string, target: string, headers: HeadersInit = [], version: Version = '1.1'): Request {
    if (!isToken(method)) throw new FieldError(`method ${JSON.stringify(method)} is not a token (RFC 9110 section 9.1)`)
    checkTarget(target)
    return new Request(method, target, version, Headers.from(headers))
  }

  /**
   * The request target as it came, or as it was last set (HAProxy's `url`). Setting it is `set-uri`: an absolute URI
   * takes `Host` with it. Throws {@link FieldError} on blanks and controls.
   */
  get target(): string {
    return this.raw
  }

  set target(target: string) {
    this.replace(target)
    const { form, authorityStart, authorityEnd } = this.cut()
    if (form === 'absolute') this.rename(target.slice(authorityStart, authorityEnd))
  }

  get form(): TargetForm {
    return this.cut().form
  }

  /** What is before `://` in an absolute-form target. */
  get scheme(): string | undefined {
    const { schemeEnd } = this.cut()
    return schemeEnd === 0 ? undefined : this.raw.slice(0, schemeEnd)
  }

  /** The target's own authority; undefined in origin-form. See {@link host} for what counts. */
  get authority(): string | undefined {
    const { authorityStart, authorityEnd } = this.cut()
    return authorityStart === authorityEnd ? undefined : this.raw.slice(authorityStart, authorityEnd)
  }

  /**
   * Who is asked for, with port, as written: the `Host` field, or the target's authority where there is none. The codec
   * lets in no request in which the two differ; later, what a rule wrote into `Host` counts.
   */
  get host(): string | undefined {
    return this.headers.first('host') ?? this.authority
  }

  /** The path without the query; undefined where the target has none (`*`, CONNECT, `http://host`). */
  get path(): string | undefined {
    const { pathStart, pathEnd } = this.cut()
    return pathStart === pathEnd ? undefined : this.raw.slice(pathStart, pathEnd)
  }

  /** Replaces the path and keeps scheme, authority and query; a target without a path becomes just this path. */
  set path(path: string) {
    const { pathStart, pathEnd } = this.cut()
    if (pathStart === pathEnd) this.replace(path)
    else this.replace(this.raw.slice(0, pathStart) + path + this.raw.slice(pathEnd))
  }

  /** What follows the first question mark; undefined without one. */
  get query(): string | undefined {
    const { pathEnd } = this.cut()
    return pathEnd < this.raw.length ? this.raw.slice(pathEnd + 1) : undefined
  }

  /** Replaces the query (given without its question mark) and keeps the rest. `''` keeps a question mark that is there, undefined removes it. */
  set query(query: string | undefined) {
    const { pathEnd } = this.cut()
    const head = this.raw.slice(0, pathEnd)
    const none = query === undefined || (query === '' && pathEnd === this.raw.length)
    this.replace(none ? head : `${head}?${query}`)
  }

  /** Path and query in one; undefined where there is no path. */
  get pathq(): string | undefined {
    const { pathStart, pathEnd } = this.cut()
    return pathStart === pathEnd ? undefined : this.raw.slice(pathStart)
  }

  /** Replaces path and query and keeps scheme and authority; a target without a path becomes just this. */
  set pathq(pathq: string) {
    const { pathStart, pathEnd } = this.cut()
    this.replace(pathStart === pathEnd ? pathq : this.raw.slice(0, pathStart) + pathq)
  }

  /** A copy that can be changed on its own. */
  clone(): Request {
    return new Request(this.method, this.raw, this.version, this.headers.clone())
  }

  private replace(target: string): void {
    checkTarget(target)
    this.raw = target
    this.parts = undefined
  }

  /** Writes another host into the `Host` field, where there is one. */
  private rename(host: string): void {
    const raw = this.headers.raw
    for (let i = 0; i < raw.length; i += 2) if (sameName(raw[i]!, 'host')) raw[i + 1] = host
  }

  private cut(): TargetParts {
    return (this.parts ??= splitTarget(this.raw, this.method))
  }
}

function checkTarget(target: string): void {
  if (target === '') throw new FieldError('a request target cannot be empty')
  for (let i = 0; i < target.length; i++) {
    const code = target.charCodeAt(i)
    if (code <= 0x20 || code === 0x7f || code > 0xff) {
      throw new FieldError(`request target ${JSON.stringify(target)} has a blank, control or wide character: encode it`)
    }
  }
}
