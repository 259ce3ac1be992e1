/** Requests and responses with odd targets, fields, cookies and bodies; all of them are well-formed enough to be passed on. */
import type { Dice } from './dice.js'
import { cookieNames, fieldNames, paramNames } from './samples.js'
import { address, number, value } from './values.js'

export interface Message {
  readonly start: string
  readonly fields: readonly string[]
  readonly body: string
}

export function writtenMessage({ start, fields, body }: Message): string {
  const length = body === '' && !start.startsWith('HTTP') ? [] : [`Content-Length: ${body.length}`]
  return `${[start, ...fields, ...length].join('\r\n')}\r\n\r\n${body}`
}

const clean = (text: string): string =>
  text.replace(/[^\x21-\x7e]|[#\\^`{|}<>"]/g, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`)

function pairs(dice: Dice): string {
  return dice
    .many(
      0,
      4,
      () => dice.pick(paramNames) + (dice.once(6) ? '' : `=${dice.once(3) ? clean(number(dice)) : clean(value(dice))}`),
    )
    .join(dice.once(6) ? ';' : '&')
}

function target(dice: Dice): string {
  const path = dice.pick([
    '/',
    '/a/b/c.html',
    '/a/',
    '//a//b',
    '/a/../b/./c',
    '/%41%zz',
    '/ABC',
    '/a;x=1;y=2',
    '/a,b',
    '/a%2fb',
    `/${clean(value(dice))}`,
    '/.',
    '/a/..',
    '/a:b@c',
  ])
  const query = dice.once(3) ? '' : `?${pairs(dice)}${dice.once(12) ? '?x=3' : ''}`
  switch (dice.int(0, 11)) {
    case 0:
      return (
        dice.pick([
          'http://www.example.com',
          'http://10.1.2.3:8080',
          'http://[::1]:80',
          'https://WWW.a.b',
          'http://user@h:1',
        ]) +
        dice.pick(['', path]) +
        query
      )
    case 1:
      return path + dice.pick(['?', '??', '?&', '?=', '?x', '?x=', '?&x=1', '?x=1&', '?x==1', '?x=1?y=2'])
    default:
      return path + query
  }
}

function cookies(dice: Dice): string {
  const one = (): string =>
    dice.pick(cookieNames) +
    dice.pick(['=', '=', '=', ' = ', '']) +
    dice.pick(['1', 'abc', '', '"q;q"', '-7', 'a=b', 'x y', '\xe9', '12abc'])
  return dice.many(0, 4, one).join(dice.pick(['; ', ';', ', ', ' ;  ']))
}

function field(dice: Dice, host: boolean): string {
  const name = dice.pick(fieldNames)
  if (name === 'Host')
    return host
      ? `X-Host: ${value(dice)}`
      : `Host: ${dice.pick(['www.example.com', 'WWW.Example.Com:8080', '10.1.2.3', '[::1]:80', 'a', 'a.b.c.'])}`
  const text = {
    Cookie: cookies,
    Authorization: (d: Dice) =>
      d.pick([
        'Basic dXNlcjpwYXNz',
        'Basic dXNlcg==',
        'basic  dXNlcjpwOmE=',
        'Bearer abc.def',
        'Bearer',
        'Basic !',
        'Bearer  x',
        value(d),
      ]),
    'X-Forwarded-For': (d: Dice) => d.many(0, 3, () => address(d)).join(d.pick([', ', ',', ' , '])),
    'Accept-Language': (d: Dice) =>
      d.pick(['en', 'fr;q=0.1, de;q=0.9', 'da, en-gb;q=0.8, en;q=0.7', '*', ';q=1', value(d)]),
  }[name as 'Cookie']
  return `${dice.once(6) ? name.toLowerCase() : name}:${dice.pick([' ', '', '  ', '\t'])}${(text ?? value)(dice).trim()}${dice.once(8) ? ' ' : ''}`
}

const sane = (text: string): string => text.replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '_')

export function request(dice: Dice): Message {
  const own = dice.many(0, 5, () => sane(field(dice, true)))
  const method = dice.pick(['GET', 'GET', 'GET', 'POST', 'PUT', 'DELETE', 'FOO', 'OPTIONS'])
  const body = method === 'POST' || method === 'PUT' ? dice.pick([pairs(dice), value(dice), '{"a":1}', '']) : ''
  return {
    start: `${method} ${target(dice)} HTTP/1.1`,
    fields: [
      sane(
        `Host: ${dice.pick(['www.example.com', 'WWW.Example.Com:8080', '10.1.2.3', '[::1]:80', 'a', 'a.b.c.', '1.2.3.4:80'])}`,
      ),
      ...own,
    ],
    body,
  }
}

export function response(dice: Dice): Message {
  const cookie = (): string => `Set-Cookie: ${cookies(dice)}${dice.pick(['', '; path=/', '; Max-Age=5; Secure'])}`
  return {
    start: `HTTP/1.1 ${dice.pick(['200 OK', '200', '404 Not Found', '503 \xe9', '299 x y', '500 Oops'])}`,
    fields: dice.many(0, 5, () => sane(dice.once(3) ? cookie() : field(dice, true))),
    body: dice.pick(['', 'ok', 'a body', value(dice)]),
  }
}
