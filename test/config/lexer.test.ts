// biome-ignore-all lint/suspicious/noTemplateCurlyInString: environment variables of a haproxy.cfg
import t from 'tap'
import { lex, lexArguments, picture } from '../../lib/config/lexer.js'

const variables: Readonly<Record<string, string>> = {
  HOME: '/root',
  EMPTY: '',
  LIST: 'a  b c',
  EDGE: ' x ',
  '.LINE': '7',
}
const words = (text: string): readonly string[] | string => {
  const lexed = lex(text, (name) => variables[name])
  return 'fault' in lexed ? `${lexed.fault.message} @${lexed.fault.position}` : lexed.words
}

// Each line was tried on HAProxy 2.6, whose `.notice` prints the word that it read.
t.test('a line is cut into words as HAProxy cuts it', async (t) => {
  const cases: readonly (readonly [string, readonly string[] | string])[] = [
    ['', []],
    ['   # nothing', []],
    ['\tbind\t*:80  ', ['bind', '*:80']],
    ['bind *:80\r', ['bind', '*:80']],
    ['a#b', ['a']],
    ['"a#b" \\#', ['a#b', '#']],
    ['a\\ b', ['a b']],
    ['a\\\tb', ['a\\', 'b']],
    ['a\\x41\\n\\r\\t', ['aA\n\r\t']],
    ['a\\x4', 'truncated or invalid hexadecimal sequence @1'],
    ['a\\x4z', 'truncated or invalid hexadecimal sequence @1'],
    ['\\.css$ "\\.js"', ['\\.css$', '\\.js']],
    ["'a\\x41$HOME\"'", ['a\\x41$HOME"']],
    ['"it\'s" a"b"\'c\'d', ["it's", 'abcd']],
    ['"" \'\'', ['', '']],
    ['$HOME ${HOME}', ['$HOME', '${HOME}']],
    ['"$HOME" "x${HOME}y" "\\$HOME"', ['/root', 'x/rooty', '$HOME']],
    ['\\$HOME', ['\\$HOME']],
    ['"${NOPE}" "${NOPE-d e}" "${EMPTY-def}" "${NOPE-$HOME}"', ['', 'd e', '', '$HOME']],
    ['"${NOPE-a"b}"', ['a"b']],
    ['"${LIST[*]}x" y', ['a', 'b', 'cx', 'y']],
    ['"${EDGE[*]}"', ['', 'x', '']],
    ['"${NOPE[*]}" "${NOPE[*]-z}"', ['', 'z']],
    ['"${.LINE} $.LINE"', ['7 7']],
    ['"a', 'unmatched quote @0'],
    ["x 'a", 'unmatched quote @2'],
    ['"$1"', 'forbidden first char in environment variable name @2'],
    ['"${.NOPE}"', 'forbidden first char in environment variable name @3'],
    ['"$"', 'forbidden first char in environment variable name @2'],
    ['"${X"', 'unmatched brace in environment variable name @2'],
    ['"${X:-z}"', 'unmatched brace in environment variable name @2'],
    ['"${X[x]}"', 'truncated or invalid word expansion sequence @4'],
    ['a\\', ['a\\']],
    ['"\xc3\xa9"', ['\xc3\xa9']],
    ['__proto__ constructor', ['__proto__', 'constructor']],
  ]
  for (const [text, expected] of cases) t.same(words(text), expected, JSON.stringify(text))
})

t.test('arguments in parentheses are cut at commas, with quotes of their own', async (t) => {
  const cut = (text: string): readonly [readonly string[], number] => {
    const { args, end } = lexArguments(text, 0)
    return [args, end]
  }
  t.same(cut('a,b)'), [['a', 'b'], 3])
  t.same(cut(' a, b )'), [[' a', ' b '], 6], 'blanks belong to the value')
  t.same(cut('"(a|b)",\'c,d\',e)rest'), [['(a|b)', 'c,d', 'e'], 15])
  t.same(cut('a\\,b\\)c)'), [['a\\', 'b\\'], 5], 'a backslash before a comma or parenthesis is a backslash')
  t.same(cut('"my/\\1")'), [['my/\\1'], 7])
  t.same(cut(')'), [[''], 0])
  t.same(cut('a,b'), [['a', 'b'], -1], 'no closing parenthesis')
})

t.test('a fault is shown below its line', async (t) => {
  t.equal(picture('   foo "bar\r', 7), '  foo "bar\n      ^')
})
