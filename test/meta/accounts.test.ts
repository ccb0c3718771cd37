import t from 'tap'
import { accountIn, cursorIn, fieldsIn, pagesIn } from '../../src/meta/accounts.js'

t.test('pages, each followed by the Instagram account behind it', async (t) => {
  const data = [
    { id: '1', name: 'A', access_token: 'ta', instagram_business_account: { id: '11', username: 'a' } },
    { id: '2', access_token: 'tb', instagram_business_account: { id: 'x' } },
    { id: '3', name: 'without a token' },
    { id: '../4', access_token: 'td' },
    { access_token: 'te' },
    'odd',
  ]
  t.same(pagesIn({ data }), [
    { id: '1', platform: 'facebook', name: 'A', token: 'ta', owner: '1' },
    { id: '11', platform: 'instagram', name: 'a', token: 'ta', owner: '1' },
    { id: '2', platform: 'facebook', name: null, token: 'tb', owner: '2' },
  ])
  t.same(pagesIn({}), [])
})

t.test('an answer that goes on has a cursor', async (t) => {
  t.equal(cursorIn({ paging: { next: 'https://…', cursors: { after: 'c' } } }), 'c')
  t.equal(cursorIn({ paging: { cursors: { after: 'c' } } }), null)
  t.equal(cursorIn({ paging: { next: 'https://…' } }), null)
  t.equal(cursorIn({}), null)
})

t.test('the account of an Instagram login, in either form', async (t) => {
  const account = { id: '17', platform: 'instagram', name: 'shop', token: 't', owner: '17' }
  t.same(accountIn({ user_id: '17', username: 'shop' }, 't'), account)
  t.same(accountIn({ data: [{ user_id: 17, username: 'shop' }] }, 't'), account)
  t.equal(accountIn({ id: '17' }, 't'), null)
})

t.test('the fields of our own app', async (t) => {
  const data = [
    { id: '8', subscribed_fields: ['feed'] },
    { id: '9', subscribed_fields: ['messages', 1] },
  ]
  t.same(fieldsIn({ data }, '9'), ['messages'])
  t.same(fieldsIn({ data }, null), ['feed'])
  t.same(fieldsIn({ data }, '7'), [])
  t.same(fieldsIn({ data: [{ id: '9' }] }, '9'), [])
})
