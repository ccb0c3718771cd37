// Screenshots as small PNGs of 256 colours: one, or many as an animation of which each frame holds only what has changed.
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
const RGB = 3
const MOST_COLOURS = 256

export function pictureOf(png) {
  const picture = decoded(png)
  const { width, height } = picture
  const { palette, indexed } = reduced([picture])
  const data = encoded(indexed[0], { x: 0, y: 0, w: width, h: height })
  return Buffer.concat([SIGNATURE, chunk('IHDR', header(width, height)), palette, chunk('IDAT', data), END])
}

/** `frames`: PNGs of one size, each with the milliseconds that it is shown. */
export function animationOf(frames) {
  const { palette, indexed } = reduced(frames.map(({ png }) => decoded(png)))
  const [{ width, height }] = indexed
  const chunks = [chunk('IHDR', header(width, height)), palette, chunk('acTL', numbers(frames.length, 0))]
  let sequence = 0
  for (const [i, picture] of indexed.entries()) {
    const place = i === 0 ? { x: 0, y: 0, w: width, h: height } : changed(indexed[i - 1], picture)
    const shown = Buffer.alloc(6)
    shown.writeUInt16BE(frames[i].ms, 0)
    shown.writeUInt16BE(1000, 2)
    chunks.push(chunk('fcTL', Buffer.concat([numbers(sequence++, place.w, place.h, place.x, place.y), shown])))
    const data = encoded(picture, place)
    if (i === 0) chunks.push(chunk('IDAT', data))
    else chunks.push(chunk('fdAT', Buffer.concat([numbers(sequence++), data])))
  }
  return Buffer.concat([SIGNATURE, ...chunks, END])
}

/** Reduces to the most frequent colours; each pixel becomes the nearest of them. */
function reduced(pictures) {
  const counts = new Map()
  for (const { pixels } of pictures) {
    for (let at = 0; at < pixels.length; at += RGB) {
      const colour = pixels.readUIntBE(at, RGB)
      counts.set(colour, (counts.get(colour) ?? 0) + 1)
    }
  }
  const colours = [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_COLOURS)
    .map(([colour]) => colour)
  const known = new Map()
  const indexOf = (colour) => {
    const found = known.get(colour) ?? nearest(colour, colours)
    known.set(colour, found)
    return found
  }
  const palette = Buffer.alloc(colours.length * RGB)
  for (const [i, colour] of colours.entries()) palette.writeUIntBE(colour, i * RGB, RGB)
  const indexed = pictures.map(({ width, height, pixels }) => {
    const indices = Buffer.alloc(width * height)
    for (let i = 0; i < indices.length; i++) indices[i] = indexOf(pixels.readUIntBE(i * RGB, RGB))
    return { width, height, indices }
  })
  return { palette: chunk('PLTE', palette), indexed }
}

function nearest(colour, colours) {
  const parts = (of) => [of >> 16, (of >> 8) & 255, of & 255]
  const [r, g, b] = parts(colour)
  let [best, least] = [0, Number.POSITIVE_INFINITY]
  for (const [i, other] of colours.entries()) {
    const [x, y, z] = parts(other)
    const distance = (r - x) ** 2 + (g - y) ** 2 + (b - z) ** 2
    if (distance < least) [best, least] = [i, distance]
  }
  return best
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

/** The smallest rectangle that contains all changed pixels. */
function changed(before, { width, height, indices }) {
  let [x0, y0, x1, y1] = [width, height, -1, -1]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (indices[y * width + x] === before.indices[y * width + x]) continue
      ;[x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x), Math.max(y1, y)]
    }
  }
  return x1 < 0 ? { x: 0, y: 0, w: 1, h: 1 } : { x: x0, y: y0, w: x1 - x0 + 1, h: y1 - y0 + 1 }
}

function encoded({ width, indices }, { x, y, w, h }) {
  const lines = Array.from({ length: h }, (_, i) => {
    const from = (y + i) * width + x
    return Buffer.concat([Buffer.of(0), indices.subarray(from, from + w)])
  })
  return deflateSync(Buffer.concat(lines), { level: 9 })
}

function header(width, height) {
  return Buffer.concat([numbers(width, height), Buffer.of(8, 3, 0, 0, 0)])
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

/** Declared last: it is made by the functions above. */
const END = chunk('IEND', Buffer.alloc(0))
