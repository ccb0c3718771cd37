import t from 'tap'
import { WEBHOOK_FIELDS } from '../../src/meta/webhook-fields.js'
import { readProjectFile } from '../fixtures/project.js'

t.test('the README names the fields that an account is subscribed to', async (t) => {
  const sentence = /On Instagram that is ([^;]+);\s+on a Page ([^.]+)\./.exec(readProjectFile('README.md'))
  const named = (text = '') => [...text.matchAll(/`(\w+)`/g)].map(([, field]) => field)
  t.same(named(sentence?.[1]), WEBHOOK_FIELDS.instagram)
  t.same(named(sentence?.[2]), WEBHOOK_FIELDS.facebook)
})
