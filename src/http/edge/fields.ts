/** The parameters of a call, from its query or from a body of any kind. */
export type Fields = Readonly<Record<string, string | undefined>>

export function fieldsOf(from: unknown): Fields {
  if (typeof from === 'string') return ofText(from)
  return typeof from === 'object' && from !== null ? ofObject(from) : {}
}

/** A body that starts like JSON and does not parse: usually a template that inserted a text with quotes. */
export function isBrokenJson(body: unknown): boolean {
  if (typeof body !== 'string' || !body.trim().startsWith('{')) return false
  try {
    JSON.parse(body)
    return false
  } catch {
    return true
  }
}

function ofText(body: string): Fields {
  const text = body.trim()
  if (text.startsWith('{')) {
    try {
      return ofObject(JSON.parse(text) as object)
    } catch {
      return {}
    }
  }
  return text.startsWith('--') ? ofMultipart(text) : Object.fromEntries(new URLSearchParams(text))
}

function ofObject(from: object): Fields {
  const fields: Record<string, string> = {}
  for (const [key, value] of Object.entries(from)) {
    if (typeof value === 'string') fields[key] = value
    else if (typeof value === 'number' || typeof value === 'boolean') fields[key] = String(value)
    // When a query repeats a name, the first value counts.
    else if (Array.isArray(value) && typeof value[0] === 'string') fields[key] = value[0]
  }
  return fields
}

function ofMultipart(text: string): Fields {
  const fields: Record<string, string> = {}
  const boundary = text.slice(0, text.indexOf('\r\n'))
  for (const part of `\r\n${text}`.split(`\r\n${boundary}`)) {
    const headEnd = part.indexOf('\r\n\r\n')
    const name = NAME.exec(part.slice(0, Math.max(0, headEnd)))?.[1]
    if (name !== undefined) fields[name] = part.slice(headEnd + 4)
  }
  return fields
}

const NAME = /^content-disposition: *form-data; *name="([^"]{1,64})"/im
