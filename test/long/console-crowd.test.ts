import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { median } from '../../src/console/view/pulse.js'
import { openBrowser, openConsole } from '../fixtures/browser.js'
import { startRouter } from '../fixtures/process.js'
import { until } from '../fixtures/shop.js'
import { delivery, fromCustomer, newMid, PAGE } from '../fixtures/webhooks.js'

/** A thousand conversations, ten thousand messages in one of them, and fifty more a second: the page stays light. */

const CONVERSATIONS = 1_000
const MESSAGES = 10_000
const A_SECOND = 50
const SECONDS = 10
const AT_ONCE = 100
const MOST_FRAME_MS = 16
const MOST_BYTES = 150 * 1024 * 1024

/** What a frame takes of the page's time: from its first callback to the first task after it was drawn. */
const WATCH_FRAMES = `
  window.frames_ = []
  const { port1, port2 } = new MessageChannel()
  let at = 0
  port1.onmessage = () => { window.frames_.push(performance.now() - at); requestAnimationFrame(next) }
  const next = () => { at = performance.now(); port2.postMessage(null) }
  requestAnimationFrame(next)`

t.test('a crowd writes, and the page stays light', async (t) => {
  const router = await startRouter(t)
  const say = async (users: readonly string[], word: string): Promise<void> => {
    const items = users.map((user, i) => fromCustomer(user, { mid: newMid(), text: `${word} ${i}` }))
    const { status } = await router.deliver(delivery(items))
    if (status !== 200) throw new Error(`answered ${status}`)
  }
  const users = Array.from({ length: CONVERSATIONS }, (_, i) => String(3000 + i))
  for (let i = 0; i < users.length; i += AT_ONCE) await say(users.slice(i, i + AT_ONCE), 'hello')
  for (let i = 0; i < MESSAGES; i += AT_ONCE) await say(Array(AT_ONCE).fill('2001'), `message ${i}`)

  const { page, faults } = await openConsole(t, await openBrowser(t), router, { path: `#/c/${PAGE}-2001` })
  await page
    .getByText(`message ${MESSAGES - AT_ONCE} ${AT_ONCE - 1}`, { exact: true })
    .first()
    .waitFor()
  const shown = async (): Promise<number> => page.locator('.list li').count()
  for (let before = 0; (await shown()) !== before; ) {
    before = await shown()
    await page.locator('.list li').last().scrollIntoViewIfNeeded()
    await until(shown, (now) => now > before || now >= CONVERSATIONS, 10_000).catch(() => {})
  }
  t.ok((await shown()) >= CONVERSATIONS, `${await shown()} conversations in the list`)

  await t.test('older messages load above without moving the visible ones', async (t) => {
    const seqs = `[...document.querySelectorAll('.message')].map(({ dataset }) => Number(dataset.seq))`
    const first = async (): Promise<number> => ((await page.evaluate(seqs)) as number[])[0]!
    for (let i = 0; i < 10; i++) {
      const before = await first()
      const looked = (await page.evaluate(`(() => {
        const box = document.querySelector('.messages')
        box.scrollTop = 300
        const seen = [...box.querySelectorAll('.message')].find((each) => each.getBoundingClientRect().top > box.getBoundingClientRect().top)
        return { key: seen.dataset.key, top: Math.round(seen.getBoundingClientRect().top) }
      })()`)) as { key: string; top: number }
      await until(first, (now) => now < before)
      const top = await page.evaluate(
        `Math.round(document.querySelector('[data-key="${looked.key}"]').getBoundingClientRect().top)`,
      )
      t.ok(Math.abs((top as number) - looked.top) <= 2, `${top} was ${looked.top}`)
    }
    const all = (await page.evaluate(seqs)) as number[]
    t.ok(all.length <= 300, `${all.length} messages are drawn`)
    t.same(
      all,
      all.toSorted((a, b) => a - b),
    )
    await page.getByRole('button', { name: 'Latest' }).click()
    await until(
      async () => ((await page.evaluate(seqs)) as number[]).at(-1),
      (seq) => seq === MESSAGES,
    )
  })

  await page.evaluate(WATCH_FRAMES)
  for (let i = 0; i < SECONDS * 10; i++) {
    const others = Array.from({ length: A_SECOND / 10 - 2 }, (_, k) => users[(i * 7 + k) % users.length]!)
    await Promise.all([say(['2001', '2001', ...others], `live ${i}`), sleep(100)])
  }
  await page
    .getByText(`live ${SECONDS * 10 - 1} 1`, { exact: true })
    .first()
    .waitFor()
  const frames = (await page.evaluate('window.frames_')) as number[]
  const typical = median(frames)!
  t.ok(frames.length > 50)
  t.ok(typical < MOST_FRAME_MS, `${typical} ms a frame at the median, of ${frames.length}`)
  const debug = await page.context().newCDPSession(page)
  await debug.send('HeapProfiler.collectGarbage')
  const { usedSize } = await debug.send('Runtime.getHeapUsage')
  t.ok(usedSize < MOST_BYTES, `${usedSize} bytes`)
  t.comment(`median ${typical.toFixed(2)} ms, heap ${Math.round(usedSize / 1024 / 1024)} MiB`)
  t.same(faults, [])
})
