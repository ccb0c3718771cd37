// Rows of objects as a table of text.

/** Numbers as short as they can be read; a median with its spread as `12.3 ±4%`. */
export function shown(value) {
  if (value === null || value === undefined) return '–'
  if (typeof value === 'string') return value
  if (typeof value === 'object') return `${shown(value.median)} ±${Math.round(value.spread * 100)}%`
  const size = Math.abs(value)
  if (size >= 1_000) return Math.round(value).toLocaleString('en')
  if (Number.isInteger(value)) return String(value)
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2)
}

const heading = (key) => key.replaceAll('_', ' ')

export function table(rows) {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((key) =>
    rows.some((row) => row[key] !== null && row[key] !== undefined),
  )
  const cells = rows.map((row) => keys.map((key) => shown(row[key])))
  const widths = keys.map((key, i) => Math.max(heading(key).length, ...cells.map((line) => line[i].length)))
  const isText = keys.map((key) => rows.some((row) => typeof row[key] === 'string'))
  const line = (texts) =>
    texts
      .map((text, i) => (isText[i] ? text.padEnd(widths[i]) : text.padStart(widths[i])))
      .join('  ')
      .trimEnd()
  return [line(keys.map(heading)), line(widths.map((width) => '─'.repeat(width))), ...cells.map(line)].join('\n')
}
