// The throughput's rows as a picture: a bar for how much more processor time a request takes than at the bare server in the
// same round, since times of different rounds do not compare on a machine with neighbours. Readable on light and dark pages.
const WIDTH = 760
const LABEL_WIDTH = 210
const NUMBER_WIDTH = 50
const BAR_HEIGHT = 18
const STEP = 26
const TOP = 64
const BOTTOM = 48

const NAMES = { floor: 'node:http', express: 'Express 5', fastify: 'Fastify' }
const KINDS = { messages: 'customer messages', echoes: 'echoes', marks: 'marks' }

const escaped = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

function labelOf({ server, requests }) {
  return NAMES[server] === undefined ? `${server}: ${KINDS[requests]}` : `${NAMES[server]}: signature, parse`
}

export function chart({ rows, machine, date, load }) {
  const measured = rows
    .filter(({ floor_share }) => floor_share !== null)
    .map((row) => ({ ...row, times: 1 / row.floor_share }))
  const longest = Math.max(...measured.map(({ times }) => times))
  const room = WIDTH - LABEL_WIDTH - NUMBER_WIDTH
  const height = TOP + measured.length * STEP + BOTTOM
  const bars = measured.map((row, i) => {
    const y = TOP + i * STEP
    const width = ((row.times / longest) * room).toFixed(1)
    const kind = NAMES[row.server] === undefined ? 'router' : 'other'
    return (
      `<text class="label" x="${LABEL_WIDTH - 10}" y="${y + 13}" text-anchor="end">${escaped(labelOf(row))}</text>` +
      `<rect class="${kind}" x="${LABEL_WIDTH}" y="${y}" width="${width}" height="${BAR_HEIGHT}" rx="3"/>` +
      `<text class="number" x="${LABEL_WIDTH + Number(width) + 8}" y="${y + 13}">${row.times.toFixed(1)}</text>`
    )
  })
  const about = `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ${date}; load before it began: ${load.toFixed(1)}`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title">`,
    '<title id="title">Processor time per request: a bare Node server, Express, Fastify, and the message router on each store</title>',
    '<style>',
    'text { font: 13px system-ui, sans-serif; fill: #1f2328 } .head { font-weight: 600; font-size: 16px }',
    '.small { fill: #59636e; font-size: 12px } .router { fill: #0969da } .other { fill: #8c959f }',
    '@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .small { fill: #9198a1 } .router { fill: #4493f8 } .other { fill: #656c76 } }',
    '</style>',
    `<text class="head" x="16" y="28">Processor time per request, as a multiple of a bare Node server’s</text>`,
    `<text class="small" x="16" y="48">Grey: nothing but the signature and the parsing. Blue: decided and committed.</text>`,
    ...bars,
    `<text class="small" x="16" y="${height - 16}">${escaped(about)}</text>`,
    '</svg>',
    '',
  ].join('\n')
}
