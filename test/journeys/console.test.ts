import t from 'tap'
import { openBrowser, openConsole } from '../fixtures/browser.js'
import { API_TOKEN, DIFY_TOKEN } from '../fixtures/settings.js'
import { conversationOf, deadLettersOf, ID, messagesOf, openShop, until } from '../fixtures/shop.js'

/** The console in a browser, on the built router between a pretended Meta and a pretended Dify. */

const browser = await openBrowser(t)

t.test('only a token that may read logs in, and it stays in this tab', async (t) => {
  const router = await (await openShop(t)).start()
  const { page, faults, strangers } = await openConsole(t, browser, router, { token: null })
  const field = page.getByLabel('API token')
  for (const [token, told] of [
    ['', 'Enter an API token'],
    ['wrong', 'does not know this token'],
    [DIFY_TOKEN, 'a token for Dify'],
  ] as const) {
    await field.fill(token)
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('alert').filter({ hasText: told }).waitFor()
  }
  await field.fill(API_TOKEN)
  await field.press('Enter')
  await page.getByText('Nobody has written yet').waitFor()
  const kept = await page.evaluate('[sessionStorage.length, localStorage.length, document.cookie]')
  t.same(kept, [1, 0, ''])
  await page.reload()
  await page.locator('.status.good').waitFor()
  await page.getByRole('button', { name: 'Log out' }).click()
  await field.waitFor()
  t.equal(await page.evaluate('sessionStorage.length'), 0)

  await page.goto(`http://127.0.0.1:${router.port}/console#token=${API_TOKEN}`)
  await page.reload()
  await page.locator('.status.good').waitFor()
  t.notMatch(page.url(), API_TOKEN, 'a login in the address leaves it at once')

  const { json } = await router.call('/api/console-logins', { method: 'POST' })
  const address = `http://127.0.0.1:${router.port}/console#${new URLSearchParams({ login: json.login, open: ID })}`
  await page.getByRole('button', { name: 'Log out' }).click()
  for (const isFirst of [true, false]) {
    await page.goto('about:blank')
    await page.goto(address)
    if (isFirst) await page.locator('.status.good').waitFor()
    else await page.getByRole('alert').filter({ hasText: 'good for one login: it was used already' }).waitFor()
    t.match(page.url(), new RegExp(`/console#/c/${ID}$`), 'the code leaves the address')
    if (isFirst) await page.getByRole('button', { name: 'Log out' }).click()
  }
  await field.fill(API_TOKEN)
  await field.press('Enter')
  await page.locator('.status.good').waitFor()
  t.same([faults, strangers], [[], []])
})

t.test('messages appear live, with their author and its evidence', async (t) => {
  const shop = await openShop(t, { app: { answer: 'Two are left.' } })
  const router = await shop.start()
  const { page, faults } = await openConsole(t, browser, router)
  await shop.customer('Is the blue jacket still there?')
  await page.getByRole('link', { name: /2001/ }).click()
  const messages = page.locator('.message')
  await messages
    .filter({ hasText: 'Two are left.' })
    .filter({ hasText: /bot: known by its (message id|text)/ })
    .waitFor()

  const times: number[] = []
  for (let i = 0; i < 5 && !(Math.min(...times) < 1000); i++) {
    const text = `And number ${i}?`
    await shop.customer(text)
    const at = performance.now()
    await messages.filter({ hasText: text }).first().waitFor()
    times.push(performance.now() - at)
  }
  t.ok(Math.min(...times) < 1000, `${times.map(Math.round).join(', ')} ms`)

  await shop.person('Sara here, I put one aside.')
  await messages.filter({ hasText: 'person: nobody announced it' }).waitFor()
  const badges = page.locator('.badge.person').filter({ hasText: /5:59:\d\d/ })
  await until(async () => (await badges.count()) === 2, Boolean)
  const clock = async (): Promise<string> => (await page.locator('.thread-head .clock').textContent()) ?? ''
  const before = await clock()
  await until(clock, (now) => now !== before)
  await page.getByText('A person took over: the bot is silent').waitFor()
  await shop.customer('Thank you!')
  await messages.filter({ hasText: 'not asked: the bot was paused' }).waitFor()
  t.same(faults, [])
})

t.test('the bot is paused and handed back', async (t) => {
  const shop = await openShop(t)
  const router = await shop.start()
  await shop.customer('first')
  await until(() => shop.sent().length === 1)
  const { page } = await openConsole(t, browser, router, { path: `#/c/${ID}` })
  await page.getByRole('button', { name: 'Pause the bot' }).click()
  await page.getByRole('button', { name: 'Pause for an hour' }).click()
  await page
    .locator('.thread-head .badge.person')
    .filter({ hasText: /59:\d\d/ })
    .waitFor()
  t.match(await conversationOf(router), { bot: { enabled: false, reason: 'api' } })
  await shop.customer('second')
  await page.locator('.message').filter({ hasText: 'not asked: the bot was paused' }).waitFor()
  t.equal(shop.asked().length, 1, 'the question is not asked')
  await page.getByRole('button', { name: 'Hand back' }).click()
  await page.getByText('Handed back to the bot', { exact: false }).first().waitFor()
  await shop.customer('third')
  await page.locator('.message').filter({ hasText: 'You said: third' }).waitFor()
  t.match(shop.asked().at(-1), /third/)

  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  await page.locator('.thread-head').getByText('Closed').waitFor()
  t.match(await conversationOf(router), { state: 'closed' })
})

t.test('a person writes here: what that does to the bot is said, and it is sent once', async (t) => {
  const shop = await openShop(t)
  const router = await shop.start()
  await shop.customer('hello')
  await until(() => shop.sent().length === 1)
  const { page } = await openConsole(t, browser, router, { path: `#/c/${ID}` })
  await page.getByText('Silences the bot').waitFor()
  const field = page.getByLabel('Write as a person')
  await field.fill('Sara here')
  await field.press('Enter')
  await page.locator('.message.person').filter({ hasText: 'Sara here' }).waitFor()
  await until(() => shop.sent().includes('Sara here'))
  await page.locator('.thread-head .badge.person').waitFor()
  await page.getByText('Keeps the bot silent').waitFor()
  t.equal(await field.inputValue(), '')
  t.match((await messagesOf(router)).at(-1), { type: 'support', content: 'Sara here' })
})

t.test('the console explains a dead letter in plain words, and sends it again', async (t) => {
  const shop = await openShop(t)
  const router = await shop.start()
  shop.graph.script({ page: ID.split('-')[0]!, faults: [{ error: { status: 400, code: 10, subcode: 2534022 } }] })
  await shop.customer('hello')
  await until(async () => (await deadLettersOf(router)).length === 1)
  const { page } = await openConsole(t, browser, router, { path: '#/dead-letters' })
  await page.getByText('Meta’s time for answering is over.').waitFor()
  await page.getByRole('link', { name: /Dead letters 1/ }).waitFor()
  await page.getByRole('button', { name: 'Send again' }).click()
  await page.getByText('Everything that was to be sent was sent.').waitFor()
  await until(() => shop.sent().length === 1)
})

t.test('no text of a customer breaks the console', async (t) => {
  // An answer that repeats the question would have pictures of its own, which load only once they come into view.
  const shop = await openShop(t, { app: { answer: 'Thank you.' } })
  const router = await shop.start({ BOT_PAUSE: '1h' })
  const { page, faults } = await openConsole(t, browser, router)
  const hostile = [
    '<img src=x onerror="document.title=1"><script>document.title=2</script>',
    '\u202Eelttil a tib\u2066\u2069\u200F <b>bold</b>',
    'سلام، قیمت این کفش چند است؟',
    '😀👨‍👩‍👧‍👦🏳️‍🌈'.repeat(14),
    'x'.repeat(20_000),
    `https://example.com/${'long'.repeat(200)}`,
    ' \n\n ',
  ]
  for (const text of hostile) await shop.customer(text)
  const picture = { type: 'image', payload: { url: 'http://127.0.0.1:9/picture.jpg' } }
  await shop.graph.write({ page: ID.split('-')[0]!, user: ID.split('-')[1]!, attachments: [picture] })
  const link = { type: 'image', payload: { url: 'javascript:document.title=3' } }
  await shop.graph.write({ page: ID.split('-')[0]!, user: ID.split('-')[1]!, attachments: [link] })
  await page.getByRole('link', { name: /2001/ }).click()
  await page.locator('.message.customer').getByText('The picture cannot be shown any more').waitFor()
  for (const text of hostile.slice(0, 4)) {
    const shown = page.locator('.message.customer .text', { hasText: text.slice(-20) }).first()
    t.equal(await shown.textContent(), text)
  }
  t.equal(await page.locator('.message img, .message script, .message b').count(), 0)
  await page
    .getByRole('button', { name: /Show all 20,000 characters/ })
    .first()
    .click()
  const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
  t.equal(overflow, 0, 'nothing is wider than the window')
  t.equal(await page.locator('a[href^="javascript"]').count(), 0)
  t.equal(await page.title(), 'Message router')
  t.same(faults, [])
})
