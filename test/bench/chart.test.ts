import t from 'tap'
// @ts-expect-error a plain script without types
import { chart } from '../../bench/chart.mjs'

const machine = { cpu: 'A <fast> & small CPU', cores: 2, node: 'v20.0.0' }
const row = (server: string, requests: string, cpu: number) => ({
  server,
  requests,
  floor_share: 20 / cpu,
})
const svg = chart({
  rows: [
    row('floor', 'messages', 20),
    row('memory', 'messages', 40),
    { ...row('redis', 'marks', 1), floor_share: null },
  ],
  machine,
  date: '2026-01-02',
  load: 0.25,
})

t.test('each row that has numbers is a bar, as long as its cost beside the bare server’s', async (t) => {
  const widths = [...svg.matchAll(/<rect class="(\w+)" .*? width="([\d.]+)"/g)].map(([, kind, width]) => [
    kind,
    Number(width),
  ])
  t.same(widths, [
    ['other', 250],
    ['router', 500],
  ])
  t.match(svg, 'node:http: signature, parse')
  t.match(svg, 'memory: customer messages')
  t.match(svg, '>2.0</text>')
  t.notMatch(svg, 'redis')
})

t.test('it says where and when, and is well-formed whatever the machine is called', async (t) => {
  t.match(svg, 'A &lt;fast&gt; &amp; small CPU, 2 cores, Node v20.0.0, 2026-01-02; load before it began: 0.3')
  const opened = [...svg.matchAll(/<(svg|title|style|text)[ >]/g)].length
  t.equal([...svg.matchAll(/<\/(svg|title|style|text)>/g)].length, opened)
  t.match(svg, '@media (prefers-color-scheme: dark)')
})
