// Joins screenshots to an animated PNG, of which each frame holds only what has changed.
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
const RGB = 3

/** `frames`: PNGs of one size, each with the milliseconds that it is shown. */
export function animationOf(frames) {
  const pictures = frames.map(({ png }) => decoded(png))
  const [{ width, height }] = pictures
  const chunks = [chunk('IHDR', header(width, height)), chunk('acTL', numbers(frames.length, 0))]
  let sequence = 0
  pictures.forEach((picture, i) => {
    const { x, y, w, h } = i === 0 ? { x: 0, y: 0, w: width, h: height } : changed(pictures[i - 1], picture)
    const shown = Buffer.alloc(6)
    shown.writeUInt16BE(frames[i].ms, 0)
    shown.writeUInt16BE(1000, 2)
    chunks.push(chunk('fcTL', Buffer.concat([numbers(sequence++, w, h, x, y), shown])))
    const data = encoded(picture, x, y, w, h)
    if (i === 0) chunks.push(chunk('IDAT', data))
    else chunks.push(chunk('fdAT', Buffer.concat([numbers(sequence++), data])))
  })
  return Buffer.concat([SIGNATURE, ...chunks, chunk('IEND', Buffer.alloc(0))])
}

function decoded(png) {
  let [width, height, channels] = [0, 0, 0]
  const data = []
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at)
    const type = png.toString('latin1', at + 4, at + 8)
    const body = png.subarray(at + 8, at + 8 + length)
    if (type === 'IHDR') {
      ;[width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)]
      channels = body[9] === 6 ? 4 : RGB
    } else if (type === 'IDAT') data.push(body)
    at += length + 12
  }
  return { width, height, pixels: unfiltered(inflateSync(Buffer.concat(data)), width, height, channels) }
}

function unfiltered(raw, width, height, channels) {
  const stride = width * channels
  const lines = Buffer.alloc(height * stride)
  const pixels = Buffer.alloc(width * height * RGB)
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)]
    for (let i = 0; i < stride; i++) {
      const left = i < channels ? 0 : lines[y * stride + i - channels]
      const up = y === 0 ? 0 : lines[(y - 1) * stride + i]
      const corner = y === 0 || i < channels ? 0 : lines[(y - 1) * stride + i - channels]
      lines[y * stride + i] = raw[y * (stride + 1) + 1 + i] + predicted(filter, left, up, corner)
    }
    for (let x = 0; x < width; x++)
      lines.copy(pixels, (y * width + x) * RGB, y * stride + x * channels, y * stride + x * channels + RGB)
  }
  return pixels
}

function predicted(filter, left, up, corner) {
  if (filter === 1) return left
  if (filter === 2) return up
  if (filter === 3) return (left + up) >> 1
  if (filter !== 4) return 0
  const guess = left + up - corner
  const [a, b, c] = [left, up, corner].map((each) => Math.abs(guess - each))
  return a <= b && a <= c ? left : b <= c ? up : corner
}

/** The smallest rectangle with everything in it that is other than before. */
function changed(before, { width, height, pixels }) {
  let [x0, y0, x1, y1] = [width, height, -1, -1]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * RGB
      if (pixels.compare(before.pixels, at, at + RGB, at, at + RGB) === 0) continue
      ;[x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x), Math.max(y1, y)]
    }
  }
  return x1 < 0 ? { x: 0, y: 0, w: 1, h: 1 } : { x: x0, y: y0, w: x1 - x0 + 1, h: y1 - y0 + 1 }
}

function encoded({ width, pixels }, x, y, w, h) {
  const lines = Array.from({ length: h }, (_, i) => {
    const from = ((y + i) * width + x) * RGB
    return pixels.subarray(from, from + w * RGB)
  })
  const withFilter = (filter) =>
    lines.flatMap((line, i) => {
      const coded = line.map((byte, at) => {
        const left = at < RGB ? 0 : line[at - RGB]
        const up = i === 0 ? 0 : lines[i - 1][at]
        const corner = i === 0 || at < RGB ? 0 : lines[i - 1][at - RGB]
        return byte - predicted(filter, left, up, corner)
      })
      return [Buffer.of(filter), coded]
    })
  return [0, 1, 2]
    .map((filter) => deflateSync(Buffer.concat(withFilter(filter)), { level: 9 }))
    .sort((a, b) => a.length - b.length)[0]
}

function header(width, height) {
  return Buffer.concat([numbers(width, height), Buffer.of(8, 2, 0, 0, 0)])
}

function numbers(...values) {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, i * 4)
  return bytes
}

function chunk(type, body) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body])
  return Buffer.concat([numbers(body.length), named, numbers(crc32(named))])
}
