import t from 'tap'
import { withoutEntities } from '../../src/answer/entities.js'
import { plain } from '../fixtures/markdown.js'

for (const [what, text, expected] of [
  ['entities', 'A&amp;B &lt;b&gt; &nbsp;&#8364;&#x20AC; &unknown; &#0; &', 'A&B <b> \u00a0€€ &unknown; &#0; &'],
] as const) {
  t.test(`characters by name: ${what}`, async (t) => {
    t.equal(plain(text), expected)
  })
}

t.test('a character that is none stays as it is written', async (t) => {
  t.equal(withoutEntities('&#xD800; &#x110000; &#1114111; &hellip;'), '&#xD800; &#x110000; \u{10ffff} …')
  t.equal(withoutEntities('plain'), 'plain')
})
