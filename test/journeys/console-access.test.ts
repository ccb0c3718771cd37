import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import t from 'tap'
import { NAMED, openBrowser, openConsole } from '../fixtures/browser.js'
import { inProject } from '../fixtures/project.js'
import { deadLettersOf, ID, openShop, until } from '../fixtures/shop.js'
import { PAGE } from '../fixtures/webhooks.js'

/** The console for everybody: in the dark, on a phone, by keyboard alone, read aloud, right to left; small and strict. */

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const VIEWS = ['#/', `#/c/${ID}`, '#/dead-letters', '#/pages', '#/pulse']
const MOST_BYTES = 80 * 1024

const browser = await openBrowser(t)
const shop = await openShop(t)
const router = await shop.start()
shop.graph.script({ page: PAGE, faults: [{ error: { status: 400, code: 10, subcode: 2534022 } }] })
await shop.customer('Hello, is the blue one still there?', '2002')
await until(async () => (await deadLettersOf(router)).length === 1)
await shop.customer('hello')
await until(() => shop.sent().length === 1)
await shop.person('I am here')

const ready: Readonly<Record<string, string>> = {
  '#/': '.list li',
  [`#/c/${ID}`]: '.message.person',
  '#/dead-letters': '.card',
  '#/pages': '.card',
  '#/pulse': '.chart canvas',
}

async function goTo(page: Page, view: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(view)}`)
  await page.locator(ready[view]!).first().waitFor()
}

async function violations(page: Page): Promise<readonly string[]> {
  const found = (await page.evaluate(
    `axe.run(document).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => [id, html.slice(0, 150), failureSummary].join(' '))))`,
  )) as string[]
  return found
}

for (const scheme of ['light', 'dark'] as const) {
  for (const width of [1280, 390]) {
    t.test(`axe finds no problem: ${scheme}, ${width} wide`, async (t) => {
      const { page, faults, strangers } = await openConsole(t, browser, router, { scheme, width })
      // By the debugger's way in: the page's own policy would not let it be added.
      await page.evaluate(axe)
      for (const view of VIEWS) {
        await goTo(page, view)
        t.same(await violations(page), [], view)
        t.equal(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), 0, `${view} is not too wide`)
      }
      await goTo(page, VIEWS[1]!)
      await page.getByRole('button', { name: 'More' }).click()
      t.same(await violations(page), [], 'an open menu')
      await page.getByRole('button', { name: 'Forget this customer' }).click()
      t.same(await violations(page), [], 'a dialog')
      await page.keyboard.press('Escape')
      await page.evaluate('sessionStorage.clear()')
      await page.reload()
      await page.getByLabel('API token').waitFor()
      await page.evaluate(axe)
      t.same(await violations(page), [], 'the login')
      t.same([faults, strangers], [[], []])
    })
  }
}

t.test('every control is reachable by keyboard and shows its focus', async (t) => {
  const { page } = await openConsole(t, browser, router, { path: `#/c/${ID}` })
  await page.locator('.message.person').waitFor()
  const focused = `(() => {
    const { activeElement: at } = document
    const { outlineStyle, outlineWidth } = getComputedStyle(at)
    const name = at.ariaLabel ?? at.labels?.[0]?.textContent ?? at.textContent
    return { tag: at.tagName, name: name.trim(), isSeen: outlineStyle !== 'none' && outlineWidth !== '0px' }
  })()`
  const all = (await page.evaluate(
    `[...document.querySelectorAll('a[href], button, input, select, textarea, [tabindex="0"]')].filter((each) => each.checkVisibility() && !each.disabled).length`,
  )) as number
  const seen: { tag: string; name: string; isSeen: boolean }[] = []
  await page.evaluate('document.activeElement.blur()')
  for (let i = 0; i < all; i++) {
    await page.keyboard.press('Tab')
    seen.push((await page.evaluate(focused)) as (typeof seen)[number])
  }
  t.same(
    seen.filter(({ isSeen }) => !isSeen),
    [],
  )
  const names = seen.map(({ name }) => name).join('\n')
  for (const name of [
    'Conversations',
    'Pulse',
    'Log out',
    'Search',
    'Hand back',
    'More',
    'Messages',
    'Write as a person',
  ]) {
    t.match(names, name)
  }

  await page.getByRole('button', { name: 'More' }).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Escape')
  t.match(await page.evaluate(focused), { name: 'More' }, 'Escape closes a menu, and the focus is where it was')
  await page.getByRole('link', { name: /2002/ }).focus()
  await page.keyboard.press('ArrowUp')
  t.match(await page.evaluate(focused), { tag: 'A', name: /2001/ })
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.locator('.thread-head h1', { hasText: '2002' }).waitFor()
})

t.test('erasing a customer in the console must be confirmed by typing', async (t) => {
  await shop.customer('forget me', '2003')
  const { page } = await openConsole(t, browser, router, { path: `#/c/${PAGE}-2003` })
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('button', { name: 'Forget this customer' }).click()
  const button = page.getByRole('button', { name: 'Forget', exact: true })
  t.ok(await button.isDisabled())
  await page.getByLabel('Type forget to do it').fill('forget')
  await button.click()
  await page.getByText('Everything about this customer was forgotten.').waitFor()
  t.equal((await router.call(`/api/conversations/${PAGE}-2003`)).status, 404)
  await until(
    () => page.getByRole('link', { name: /2003/ }).count(),
    (count) => count === 0,
  )
})

t.test('a person can write over plain HTTP too, as behind a proxy of a private network', async (t) => {
  await shop.customer('is anybody there?', '2004')
  const { page, faults } = await openConsole(t, browser, router, { host: NAMED, path: `#/c/${PAGE}-2004` })
  t.equal(await page.evaluate('isSecureContext'), false)
  await page.getByLabel('Write as a person').fill('Yes, I am')
  await page.getByRole('button', { name: 'Send' }).click()
  await page.locator('.message.person').filter({ hasText: 'Yes, I am' }).waitFor()
  t.same(faults, [])
})

t.test('a right-to-left page is mirrored', async (t) => {
  const { page } = await openConsole(t, browser, router, { path: `#/c/${ID}` })
  await page.locator('.message.person').waitFor()
  const sides = async () => {
    const [list, thread] = await Promise.all([
      page.locator('.list').boundingBox(),
      page.locator('.thread').boundingBox(),
    ])
    return list!.x < thread!.x
  }
  t.ok(await sides())
  await page.evaluate('document.documentElement.dir = "rtl"')
  t.notOk(await sides())
  t.equal(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), 0)
})

t.test('all of it comes over the wire in 80 kB, and nothing of it is inline', async (t) => {
  const { page, faults } = await openConsole(t, browser, router)
  for (const view of VIEWS) await goTo(page, view)
  const loaded = (await page.evaluate(
    `performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation')).map(({ name }) => name)`,
  )) as string[]
  const files = loaded.filter((name) => /\/console/.test(name))
  t.ok(files.some((name) => /chart-/.test(name)))
  let bytes = 0
  for (const name of files) {
    const { pathname } = new URL(name)
    const index = inProject('dist/console/assets/index.html')
    const path = pathname === '/console' ? index : inProject(`dist/console/assets/${pathname.split('/').at(-1)}`)
    bytes += readFileSync(`${path}.gz`).length
  }
  t.ok(bytes > 0 && bytes <= MOST_BYTES, `${bytes} bytes`)
  t.equal(await page.locator('style, script:not([src]), [style]:not(.u-wrap, .u-wrap *, .uplot, .uplot *)').count(), 0)
  t.same(faults, [])
})
