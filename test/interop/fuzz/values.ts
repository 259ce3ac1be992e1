/** Values that are likely to be treated wrongly: edges of numbers, addresses, encodings, separators, bytes. */
import type { Dice } from './dice.js'

const numbers = [
  '0', '1', '-1', '2', '7', '10', '63', '64', '255', '256', '-5', '+5', '010', '0x1f', '1e3', '1.5', '1.9.2', '-0', '00', '2147483647',
  '2147483648', '-2147483648', '4294967295', '4294967296', '9007199254740993', '9223372036854775807', '9223372036854775808',
  '-9223372036854775808', '-9223372036854775809', '18446744073709551616', '99999999999999999999999', ' 7', '7 ', '7abc', '1,5', '--1', '-',
] // biome-ignore format: a table

const addresses = [
  '127.0.0.1', '10.1.2.3', '0.0.0.0', '255.255.255.255', '10.0.0.300', '1.2.3', '1.2.3.4.5', '01.2.3.4', '1.2.3.4:80', '::1', '::', '2001:db8::1',
  '2001:DB8:0:0:1::1', '::ffff:1.2.3.4', '::1.2.3.4', '1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8:9', 'fe80::1%eth0', '[::1]', '[::1]:80', ' 1.2.3.4', '1.2.3.4 ', '2002:c0a8:0101::1',
] // biome-ignore format: a table

const texts = [
  '', 'a', 'abc', 'ABC', 'aBc-D_e', 'a,b,,c', ',', ',,', 'a b  c', 'a.b.c', '.a.', 'x=y;z=w', 'x=1&y=2&&z', '%41%2', '%zz%20%00', 'a+b%2B', 'a%C3%A9',
  '\xe9', '\xc3\xa9\xff', '\x80\x7f', '"quoted"', 'it\'s', 'back\\slash', '<&>', '/', '//', '/a/b', 'a/b/', 'a/b/c.html', 'www.Example.com', 'www.example.com:8080',
  'example.com.', 'user@host', 'true', 'false', 'TRUE', 'yes', 'GET', 'POST', 'OPTIONS', 'get', 'Bearer abc', 'a:b:c', ':', 'a\tb', '{}', '[]', '{"a":1}',
  '{"a":{"b":[1,2,"x"]},"c":"d\\u00e9","t":true,"n":null,"f":1.5,"i":-7}', '["x",{"y":"z"}]', '{"a":', '"str"',
  'YWJj', 'YWJjZA==', 'YWJjZA', 'YQ==', 'Y', '_-8', '/+8=', '=', '3q2+7w==',
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJ0ZXN0IiwiaWF0IjoxfQ.c2ln', 'a.b.c', 'e30.e30.', 'deadBEEF', '4142', '414', 'zz', '0a0D00',
  '08961202ff', 'da, en-gb;q=0.8, en;q=0.7', 'fr', 'en;q=0', '*;q=0.5,de', 'Mon, 01 Jan 2024 00:00:00 GMT', '8=FIX.4.4|9=5|35=0|10=1|',
  'for=1.2.3.4;proto=https', 'max-age=10, no-cache', 'k1=v1; k2=v2; k1=v3', 'aaaaaaaaaaaaaaaa', 'a\x01b', '~', '$HOME', '%[path]', '#',
] // biome-ignore format: a table

/** Text for a field, an argument, a pattern: never with a line end. */
export function value(dice: Dice): string {
  switch (dice.int(0, 9)) {
    case 0:
    case 1:
      return dice.pick(numbers)
    case 2:
      return dice.pick(addresses)
    case 3:
      return dice.many(0, 8, () => String.fromCharCode(dice.once(4) ? dice.int(128, 255) : dice.int(32, 126))).join('')
    case 4:
      return dice.pick(texts) + dice.pick([',', ' ', '/', '.', ';', '=', '']) + dice.pick(texts)
    case 5:
      return dice.once(4)
        ? dice.pick(['x', 'ab,', '\xe9', '1', '/']).repeat(dice.pick([64, 300, 1500]))
        : dice.pick(texts)
    default:
      return dice.pick(texts)
  }
}

export const number = (dice: Dice): string => dice.pick(numbers)
export const address = (dice: Dice): string => dice.pick(addresses)
/** What rarely is wrong. */
export const small = (dice: Dice): string => String(dice.int(-3, 12))
export const separator = (dice: Dice): string =>
  dice.pick([',', ' ', '.', '/', ';', '=', '&', ':', 'a', ', ', '-', '%', ',;', '"', '\xe9', '|'])
