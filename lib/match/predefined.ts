/** The ACLs that every haproxy.cfg knows without declaring them (manual, chapter 7.4). */

/** A predefined ACL, as the line that would declare it. The loader reads it like any other. */
export interface PredefinedAcl {
  readonly name: string
  /** What would stand after the name in an `acl` line, word by word. */
  readonly words: readonly string[]
}

const acl = (name: string, ...words: readonly string[]): PredefinedAcl => ({ name, words })

/** All of them. `HTTP_2.0` never holds, as no request of that version comes here; `RDP_COOKIE` needs the fetch of the room that has it. */
export const predefinedAcls: readonly PredefinedAcl[] = [
  acl('FALSE', 'always_false'),
  acl('HTTP', 'req.proto_http'),
  acl('HTTP_1.0', 'req.ver', '1.0'),
  acl('HTTP_1.1', 'req.ver', '1.1'),
  acl('HTTP_2.0', 'req.ver', '2.0'),
  acl('HTTP_CONTENT', 'req.hdr_val(content-length)', 'gt', '0'),
  acl('HTTP_URL_ABS', 'url_reg', '^[^/:]*://'),
  acl('HTTP_URL_SLASH', 'url_beg', '/'),
  acl('HTTP_URL_STAR', 'url', '*'),
  acl('LOCALHOST', 'src', '127.0.0.1/8', '::1'),
  acl('METH_CONNECT', 'method', 'CONNECT'),
  acl('METH_DELETE', 'method', 'DELETE'),
  acl('METH_GET', 'method', 'GET', 'HEAD'),
  acl('METH_HEAD', 'method', 'HEAD'),
  acl('METH_OPTIONS', 'method', 'OPTIONS'),
  acl('METH_POST', 'method', 'POST'),
  acl('METH_PUT', 'method', 'PUT'),
  acl('METH_TRACE', 'method', 'TRACE'),
  acl('RDP_COOKIE', 'req.rdp_cookie_cnt', 'gt', '0'),
  acl('REQ_CONTENT', 'req.len', 'gt', '0'),
  acl('TRUE', 'always_true'),
  acl('WAIT_END', 'wait_end'),
]
