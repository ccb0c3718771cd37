import t from 'tap'
import { marksOf } from '../fixtures/marks.js'

for (const [what, text, marks] of [
  ['addresses', 'https://a.b/_c_d www.a.b/*c*d *e*', ['emphasis 30-33']],
  ['a bracket behind it', '(https://a.b/*c*) *d*', ['emphasis 18-21']],
  ['an entity behind it', 'https://a.b/*c&amp; *d*', ['entity 14-19', 'emphasis 20-23']],
  [
    'a semicolon behind it',
    'https://a.b/*c; *d* https://a.b/&#38; *e*',
    ['emphasis 16-19', 'entity 32-37', 'emphasis 38-41'],
  ],
  [
    'what only looks like an entity',
    'https://a.b/*c&; *d* https://a.b/*e#f; *g*',
    ['emphasis 17-20', 'emphasis 39-42'],
  ],
  ['other schemes', 'ftp://a.b/*c* a:*d* mailto:*e*', ['emphasis 10-13', 'emphasis 16-19', 'emphasis 27-30']],
  ['an underscore in its host', 'http://a_b.c/*d*', ['emphasis 13-16']],
  [
    'an underscore in hosts within one',
    'www.a_.www.b_.c/*d* www.a_.www.b.c/*d* *e*',
    ['emphasis 16-19', 'emphasis 39-42'],
  ],
  ['a word before it', 'xhttps://a.b/*c*', ['emphasis 13-16']],
  ['a label around it', '[https://a.b/*c](d) [https://a.b/[*c*](e)', ['link 0-19 1-15 (17-18)']],
  ['addresses of mail', 'a_b_c@d.e *f* _g_h@i-j.k. *l*', ['emphasis 10-13', 'emphasis 26-29']],
  ['a user behind the beginning of a host', 'www.a_b@c.d_e *f*', ['emphasis 14-17']],
  ['a user with the beginning of a host', 'a._b.www.c_@d.e *f*', ['emphasis 16-19']],
  [
    'a user that is too long',
    'a_b.cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc@d.e *f*',
    ['emphasis 109-112'],
  ],
  ['schemes of mail', 'mailto:a_b_c@d.e xmpp:a_b_@c.d/e *f*', ['emphasis 33-36']],
  ['what is no address', '@ a@ b@c *d* www. http:// a@b.c_ *e*', ['emphasis 9-12', 'emphasis 33-36']],
  ['an address behind what is none', '_a.www.b.c/*d* +@*e* _f.g@h *i*', ['emphasis 17-20', 'emphasis 28-31']],
] as const) {
  t.test(`bare links: ${what}`, async (t) => {
    t.strictSame(marksOf(text), marks)
  })
}
