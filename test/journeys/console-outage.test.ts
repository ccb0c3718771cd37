import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openBrowser, openConsole, type Window } from '../fixtures/browser.js'
import { freePorts, startRedis } from '../fixtures/redis-servers.js'
import { API_TOKEN } from '../fixtures/settings.js'
import { ID, openShop, until } from '../fixtures/shop.js'

/** The console while its router, its store or its token is away: said in one line, which heals by itself. */

const browser = await openBrowser(t)

const lineOf = ({ page }: Window) => page.locator('.status')
const textsOf = ({ page }: Window) => page.locator('.message .text').allTextContents()

t.test('the router is killed and begun again: nothing is missing, and nothing is twice', async (t) => {
  const redis = await startRedis(['--appendonly', 'yes', '--appendfsync', 'always'])
  t.teardown(() => redis.stop())
  const [port = 0] = await freePorts(1)
  const shop = await openShop(t, { settings: { REDIS_URL: redis.url, PORT: String(port), DIFY_URL: undefined } })
  // Nobody answers here: every message is a customer's.
  const settings = { DIFY_KEY: undefined, DIFY_APP: undefined }
  const first = await shop.start(settings)
  const all: string[] = []
  const write = async (): Promise<void> => {
    all.push(`message ${all.length + 1}`)
    await shop.customer(all.at(-1)!)
  }
  for (let i = 0; i < 3; i++) await write()
  const window = await openConsole(t, browser, first, { path: `#/c/${ID}` })
  await write()
  await until(
    async () => (await textsOf(window)).length,
    (count) => count === 4,
  )

  first.kill('SIGKILL')
  await first.exited
  await lineOf(window).filter({ hasText: 'The router does not answer.' }).waitFor()
  const { page } = window
  await page.getByLabel('Write as a person').fill('written while it is away')
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByRole('alert').filter({ hasText: 'Not done: the router does not answer' }).waitFor()
  t.equal(await page.getByLabel('Write as a person').inputValue(), 'written while it is away', 'and it is not lost')

  await shop.start(settings)
  // Before the page is back, and after.
  for (let i = 0; i < 60; i++) await write()
  await lineOf(window).filter({ hasText: 'Live' }).waitFor()
  for (let i = 0; i < 3; i++) await write()
  const texts = await until(
    () => textsOf(window),
    (texts) => texts.at(-1) === all.at(-1),
  )
  t.same(texts, all.slice(-texts.length), 'in order')
  t.equal(new Set(texts).size, texts.length, 'nothing twice')
  t.equal(texts.length, all.length, 'nothing is missing')

  await page.getByRole('button', { name: 'Send' }).click()
  await page.locator('.message.person').filter({ hasText: 'written while it is away' }).waitFor()
  await until(
    () => shop.sent().length,
    (sent) => sent === 1,
  )

  await redis.kill()
  await page.getByRole('button', { name: 'Hand back' }).click()
  await page.getByRole('alert').filter({ hasText: 'Not done' }).waitFor()
  await lineOf(window).filter({ hasText: 'cannot reach its store' }).waitFor()
  await redis.restart()
  await lineOf(window).filter({ hasText: 'Live' }).waitFor()
  t.same(window.faults, [])
})

t.test('a memory store begins empty, and so does the page', async (t) => {
  const [port = 0] = await freePorts(1)
  const shop = await openShop(t, { settings: { STORE: 'memory', PORT: String(port) } })
  const first = await shop.start()
  await shop.customer('before')
  const window = await openConsole(t, browser, first)
  await window.page.getByRole('link', { name: /2001/ }).waitFor()
  first.kill('SIGKILL')
  await first.exited
  await shop.start()
  await window.page.getByText('Nobody has written yet').waitFor()
  await shop.customer('after')
  await window.page.getByRole('link', { name: /2001.*after/ }).waitFor()
  t.same(window.faults, [])
})

t.test('a token that is taken away, and a store that is full, are told', async (t) => {
  const tokens = join(t.testdir({ tokens: `${API_TOKEN},another-token-9876` }), 'tokens')
  const shop = await openShop(t)
  const router = await shop.start({ API_TOKENS: undefined, API_TOKENS_FILE: tokens })
  await shop.customer('hello')
  const window = await openConsole(t, browser, router, { path: `#/c/${ID}` })
  const { page } = window
  await page.route('**/api/conversations/*/bot', (route) =>
    route.fulfill({ status: 503, json: { status: 'error', code: 'store_full', message: 'The store is full.' } }),
  )
  await page.getByRole('button', { name: 'Pause the bot' }).click()
  await page.getByRole('button', { name: 'Pause for an hour' }).click()
  await lineOf(window).filter({ hasText: 'memory is full' }).waitFor()
  await page.getByRole('alert').filter({ hasText: 'Not done: The store is full.' }).waitFor()
  await page.unroute('**/api/conversations/*/bot')
  await lineOf(window).filter({ hasText: 'Live' }).waitFor()

  await page.getByLabel('Write as a person').fill('not yet sent')
  writeFileSync(tokens, 'another-token-9876')
  process.kill(router.child.pid!, 'SIGHUP')
  await until(() => router.log.some(({ msg }) => msg.startsWith('settings read again')))
  await page.getByRole('button', { name: 'Pause the bot' }).click()
  await page.getByRole('button', { name: 'Pause for an hour' }).click()
  await lineOf(window).filter({ hasText: 'not accepted any more' }).waitFor()
  await page.getByRole('button', { name: 'Log in again' }).click()
  await page.getByLabel('API token').fill('another-token-9876')
  await page.getByRole('button', { name: 'Log in' }).click()
  await lineOf(window).filter({ hasText: 'Live' }).waitFor()
  await until(
    () => page.getByLabel('Write as a person').inputValue(),
    (text) => text === 'not yet sent',
  )
  t.same(window.faults, [])
})

t.test(
  'what comes while a thread is loaded again stays, and one that was unknown opens with its first message',
  async (t) => {
    const shop = await openShop(t, { settings: { DIFY_URL: undefined } })
    const router = await shop.start({ DIFY_KEY: undefined, DIFY_APP: undefined })
    const window = await openConsole(t, browser, router, { path: `#/c/${ID}` })
    const { page } = window
    await page.getByText('Nothing is known of this conversation').waitFor()
    await shop.customer('hello')
    await until(
      () => textsOf(window),
      (texts) => texts.length === 1,
    )

    const away = '**/api/conversations/*/bot'
    await page.route(away, (route) =>
      route.fulfill({ status: 503, json: { status: 'error', code: 'store_unavailable', message: 'Away.' } }),
    )
    let release: () => void = () => {}
    const isRead = new Promise<void>((read) => {
      const isReleased = new Promise<void>((released) => {
        release = released
      })
      void page.route(`**/api/conversations/${ID}`, async (route) => {
        const response = await route.fetch()
        read()
        await isReleased
        await route.fulfill({ response })
      })
    })
    await page.getByRole('button', { name: 'Pause the bot' }).click()
    await page.getByRole('button', { name: 'Pause for an hour' }).click()
    await isRead
    await shop.customer('in between')
    await page.getByRole('link', { name: /in between/ }).waitFor()
    await shop.person('I am here')
    await page.getByRole('link', { name: /I am here/ }).waitFor()
    release()
    await page.locator('.thread-head').getByRole('button', { name: 'Hand back' }).waitFor()
    await shop.customer('thank you')
    const texts = await until(
      () => textsOf(window),
      (texts) => texts.at(-1) === 'thank you',
    )
    t.same(texts, ['hello', 'in between', 'I am here', 'thank you'])
    t.same(window.faults, [])
  },
)
