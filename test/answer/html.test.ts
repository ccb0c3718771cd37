import t from 'tap'
import { plain } from '../fixtures/markdown.js'

for (const [what, text, expected] of [
  [
    'tags between tildes, which together would begin code',
    '<p>~~<b></b>~~[a](https://l.l) ~<name>~',
    '~~ ~~a: https://l.l ~<name>~',
  ],
  ['tags', '<b>a</b> <i class="x">b</i><br>c<br/>\nd <font color=\'red\'>e</font>', 'a b\nc\nd e'],
  ['what only looks like a tag', 'Send <name> and <order number>, 1 < 2 > 0', null],
  ['paragraphs in tags', '<p>a</p><p>b **c**</p>', 'a\n\nb c'],
  ['a list in tags', '<ul><li>a</li><li>b</li>\t</ul>', '• a\n• b'],
  ['a table in tags', '<table><tr><td>a</td><td>b</td></tr></table>', 'a b'],
  [
    'links in tags',
    '<a href="https://a.b">shop</a>, <a href=\'/x\'>y</a>z <a href="https://a.b">https://a.b</a> <a>n</a></a>',
    'shop: https://a.b, y: https://dify.example/x z https://a.b n',
  ],
  [
    'a link in tags without a label or an end',
    '<a href="https://a.b"></a> and <a href=https://c.d>shop',
    'https://a.b and shop https://c.d',
  ],
  [
    'links in tags side by side',
    '<a href="https://a.b">a</a><a href="https://c.d">c</a><b>e</b> [f](https://f.g)<a href="https://h.i">h</a><br>j',
    'a: https://a.b c: https://c.d e f: https://f.g h: https://h.i\nj',
  ],
  ['a quote in a tag', '<div>\n<u "a>b">c</u> <b_c> <i d <b>e</b> <i \'f', "c <b_c> <i d e <i 'f"],
  ['tags without an end', '<div>\n<I>a</I> <1> </> <u "b', 'a <1> </> <u "b'],
  ['a quote that goes on', '<div>\n<u "a>b\n\n"c', '<u "a>b\n\n"c'],
  ['scripts', 'a\n\n<script>alert(1)</script>\n\nb', 'a\n\n\n\nb'],
  [
    'words behind scripts and styles',
    '<script>alert(1)</script> **a**\n<style>\nb {}\n</STYLE>c https://d.e\n\n<script>\nf',
    'a\nc https://d.e',
  ],
  [
    'words behind comments',
    '<!-- secret --> **a**\n\n<!-- b\nc --><!-- d -->[e](https://f.g)\nh\n\n- <!----> # i\n\n> <!-- j\n> k --> l',
    'a\n\ne: https://f.g\nh\n\n• i\n\nl',
  ],
  ['a comment without an end', 'a\n\n<!-- b\n\nc', 'a'],
  ['comments', 'a <!-- secret --> b\n\n<!-- secret -->\n\nc', 'a  b\n\nc'],
] as const) {
  t.test(`tags: ${what}`, async (t) => {
    t.equal(plain(text), expected ?? text)
  })
}
