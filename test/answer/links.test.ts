import t from 'tap'
import { plain } from '../fixtures/markdown.js'

for (const [what, text, expected] of [
  [
    'links',
    '[our shop](https://a.b/c_d "title"), [here]( <https://a.b/c d> ).',
    'our shop: https://a.b/c_d, here: https://a.b/c%20d.',
  ],
  [
    'a label that says the same',
    '[https://a.b](https://a.b/), [a.b](http://a.b), [www.A.b](https://a.b), [**a.b**](https://a.b)',
    'https://a.b/, http://a.b, https://a.b, https://a.b',
  ],
  [
    'a label that says the same, with signs of its own',
    '[https://a.b/c_d_e](https://a.b/c_d_e), [https://a.b/c\\_d](https://a.b/c_d), [_a.b_](https://a.b)',
    'https://a.b/c_d_e, https://a.b/c_d, https://a.b',
  ],
  [
    'brackets in a label',
    'Red [[1]](https://a.b/1)[[2]](https://a.b/2), [Shoes [new]](https://a.b/c), [see [d] e](https://a.b/e)\n\n[d]: https://c.d',
    'Red [1]: https://a.b/1 [2]: https://a.b/2, Shoes [new]: https://a.b/c, see d: https://c.d e: https://a.b/e',
  ],
  [
    'a label in brackets alone in its line, which defines nothing',
    '[[1]](https://a.b/1) (seen in May)\n\nand [1]',
    '[1]: https://a.b/1 (seen in May)\n\nand [1]',
  ],
  ['an escaped bracket in a label', '[[a\\]](https://a.b)', '[a]: https://a.b'],
  [
    'links side by side',
    '[1](https://a.b/1)[2](https://a.b/2)[c][3] <https://a.b/4><https://a.b/5>[6](https://a.b/6)<d@e.f>\n\n[3]: https://a.b/3',
    '1: https://a.b/1 2: https://a.b/2 c: https://a.b/3 https://a.b/4 https://a.b/5 6: https://a.b/6 d@e.f',
  ],
  [
    'what stands right behind a link',
    "[a](https://a.b)<b>c</b> [a](https://a.b)(c) [a](https://a.b)'s [a](https://a.b)\\*c [a](https://a.b)<br>c ([a](https://a.b)) 'https://a.b'",
    "a: https://a.b c a: https://a.b (c) a: https://a.b 's a: https://a.b *c a: https://a.b\nc (a: https://a.b) 'https://a.b'",
  ],
  [
    'more tags behind a link than are looked past',
    `<a href="https://a.b">c</a>${'</b>'.repeat(9)}. <a href="https://a.b">c</a>${'</b>'.repeat(10)}.`,
    'c: https://a.b. c: https://a.b .',
  ],
  [
    'a footnote right before a link',
    'a[^1][b](https://a.b) [1][c](https://a.b)',
    'a[^1]b: https://a.b [1]c: https://a.b',
  ],
  ['an address in code', '`https://a.b/c_d`را, `https://a.b`. `a`b', 'https://a.b/c_d را, https://a.b. ab'],
  ['a label without a word', '[](https://a.b) and [ ](https://a.b)', 'https://a.b and https://a.b'],
  ['a label with a colon', '[Shop:](https://a.b)', 'Shop: https://a.b'],
  ['marks in a label', '[**our** `shop`](https://a.b)', 'our shop: https://a.b'],
  ['an address in a label', '[https://a.b](https://c.d)', 'https://a.b: https://c.d'],
  ['a link into a word', '[فروشگاه](https://a.b)را', 'فروشگاه: https://a.b را'],
  ['a link in emphasis', '**[shop](https://a.b)**, *[b](https://a.b)* c', 'shop: https://a.b, b: https://a.b c'],
  [
    'mail and telephone',
    '[mail](mailto:a@b.c), [a@b.c](mailto:a@b.c), [call](tel:+4930)',
    'mail: a@b.c, a@b.c, call: +4930',
  ],
  [
    'a relative link',
    '[file](/files/a.pdf?sign=1), [up](../x), [page](x), [us](shop.com/a), [c](//c.d)',
    'file: https://dify.example/files/a.pdf?sign=1, up: https://dify.example/x, page: x, us: shop.com/a, c: https://c.d',
  ],
  ['mere words for an address', '[a](**b**) [c](#d_e)', 'a: b c: #d_e'],
  ['a stop without a blank', '[a](https://a.b).Then [b](https://a.b).', 'a: https://a.b .Then b: https://a.b.'],
  ['a link to nowhere', '[here]() and [there](<>)', 'here and there'],
  [
    'references',
    '[docs][1], [Docs][], [docs] and [no][x]\n\n[1]: https://a.b "t"\n[docs]: <https://c.d>',
    'docs: https://a.b, Docs: https://c.d, docs: https://c.d and [no][x]',
  ],
  ['a reference that nobody uses', 'a\n\n[docs]: https://a.b', 'a\n\ndocs: https://a.b'],
  ['the same reference twice', '[d]\n\n[d]: https://a.b\n\n[d]: https://c.d', 'd: https://a.b\n\nd: https://c.d'],
  ['a footnote', 'a[^1]\n\n[^1]: https://a.b', null],
  ['brackets', '[sic] a[0] (x)', null],
  ['addresses without marks', 'https://a.b/c_d_e, www.a.b/*x*y and a_b@c.d', null],
  ['addresses in marks', '<https://a.b/c> <a@b.c> <https://a.b>را', 'https://a.b/c a@b.c https://a.b را'],
] as const) {
  t.test(`links: ${what}`, async (t) => {
    t.equal(plain(text), expected ?? text)
  })
}
