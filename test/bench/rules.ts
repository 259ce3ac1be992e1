/** A frontend with many ACLs and rules, none of which applies to the request that is measured: what a decision costs that looks at all of them. */

const times = (count: number, line: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, i) => line(i))

/** 50 ACLs of the kinds that are common, and 20 rules that ask them. */
export const manyRules: readonly string[] = [
  ...times(10, (i) => `acl path${i} path_beg /admin${i} /private${i}/`),
  ...times(10, (i) => `acl host${i} hdr(host) -i www${i}.example.com api${i}.example.com`),
  ...times(5, (i) => `acl end${i} path_end .php${i} .asp${i} .cgi${i}`),
  ...times(5, (i) => `acl net${i} src 10.${i}.0.0/16 192.168.${i}.0/24`),
  ...times(5, (i) => `acl reg${i} path_reg ^/v${i}/[a-z]+/[0-9]+$`),
  ...times(5, (i) => `acl agent${i} hdr_sub(user-agent) -i bot${i} spider${i}`),
  ...times(5, (i) => `acl method${i} method PUT${i} DELETE${i}`),
  ...times(5, (i) => `acl cookie${i} req.cook(session) -m str x${i}`),
  ...times(10, (i) => `http-request deny if path${i} !host${i}`),
  ...times(5, (i) => `http-request deny if end${i} || net${i} || method${i}`),
  ...times(5, (i) => `http-request deny if reg${i} or agent${i} cookie${i} or host${i} !cookie${i}`),
]

/** What a browser sends. */
export const browserHeaders: readonly string[] = [
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0',
  'Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
  'Accept-Encoding: gzip, deflate, br',
  'Cookie: session=4f2a9c; theme=dark',
]
