// Takes the README's pictures from the running demo, with the chromium of the PATH: node scripts/screenshots.mjs
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { animationOf, pictureOf } from './animation.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = `${root}docs/images`
const PICTURE = { width: 1280, height: 780 }
const ANIMATION = { width: 1120, height: 680 }

/** The demo, once its play has come out right. */
async function startDemo() {
  const child = spawn(process.execPath, ['dist/cli.js', 'demo'], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: child.stdout })) {
    if (/of the lines above are wrong/.test(line)) break
    const [address] = /http\S+\/console#\S+/.exec(line) ?? []
    if (address !== undefined) {
      child.stdout.resume()
      return { address, end: () => child.stdin.end('/quit\n') }
    }
  }
  child.kill()
  throw new Error('The demo did not come out right: is the machine busy?')
}

async function openPage(browser, address, viewport, colorScheme) {
  const context = await browser.newContext({ viewport, colorScheme, locale: 'en-GB', reducedMotion: 'reduce' })
  const page = await context.newPage()
  await page.goto(address)
  await page.locator('.status.good').waitFor()
  await page.locator('.phone-scroll li').first().waitFor()
  const choose = (writer) => page.locator('.phone fieldset label', { hasText: writer }).click()
  const type = (text) => page.locator('.phone-write input').fill(text)
  const send = async (text) => {
    await page.getByRole('button', { name: 'Send from the phone' }).click()
    await page.locator('.message', { hasText: text }).last().waitFor()
  }
  return { page, choose, type, send }
}

/** A person steps in, and the bot stays silent. */
async function takePictures(browser) {
  const demo = await startDemo()
  const { page, choose, type, send } = await openPage(browser, demo.address, PICTURE, 'light')
  await choose('You, in the app')
  await type('Sara again: shall I wrap it as a gift?')
  await send('shall I wrap it')
  await choose('Customer')
  await type('Yes, please!')
  await send('Yes, please!')
  await page.locator('.facts', { hasText: 'not asked: the bot was paused' }).last().waitFor()
  await page.mouse.move(0, 0)
  for (const scheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: scheme })
    await sleep(300)
    writeFileSync(`${folder}/console-${scheme}.png`, pictureOf(await page.screenshot()))
  }
  demo.end()
}

/** From a question to a person's word, and back to the bot. */
async function takeAnimation(browser) {
  const demo = await startDemo()
  const { page, choose, type, send } = await openPage(browser, demo.address, ANIMATION, 'light')
  const frames = []
  const take = async (ms) => {
    await page.evaluate('document.activeElement.blur()')
    frames.push({ png: await page.screenshot(), ms })
  }
  await take(1500)
  await type('Do you ship to Spain?')
  await take(900)
  await send('Do you ship to Spain?')
  await take(700)
  await page.locator('.message.bot', { hasText: 'Do you ship to Spain?' }).locator('.evidence').waitFor()
  await take(2200)
  await choose('You, in the app')
  await type('We do! Sara here, it takes three days.')
  await take(1200)
  await send('Sara here, it takes')
  await page.locator('.thread-head .badge.person').waitFor()
  await take(2600)
  await choose('Customer')
  await type('Wonderful, thank you!')
  await take(900)
  await send('Wonderful, thank you!')
  await page.locator('.facts', { hasText: 'not asked: the bot was paused' }).last().waitFor()
  await take(2600)
  await page.getByRole('button', { name: 'Hand back' }).click()
  await page.locator('.thread-head .badge.bot').waitFor()
  await page.locator('.told p').waitFor({ state: 'detached' })
  await take(2600)
  writeFileSync(`${folder}/console.png`, animationOf(frames))
  demo.end()
}

mkdirSync(folder, { recursive: true })
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
})
await takePictures(browser)
await takeAnimation(browser)
await browser.close()
