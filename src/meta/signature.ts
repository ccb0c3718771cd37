import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'

/**
 * Whether one of the app secrets signed these bytes. Missing, malformed and wrong signatures are indistinguishable to
 * the sender.
 */
export type Verify = (body: Buffer, header: string | string[] | undefined) => boolean

const SIGNATURE = /^sha256=[0-9a-fA-F]{64}$/

export function isSignature(header: string | string[] | undefined): header is string {
  return typeof header === 'string' && SIGNATURE.test(header)
}

export function createVerify(appSecrets: readonly string[]): Verify {
  const keys = appSecrets.map((secret) => createSecretKey(Buffer.from(secret, 'utf8')))
  return (body, header) => {
    if (!isSignature(header)) return false
    const given = Buffer.from(header.slice(7), 'hex')
    // Every key is tried, so that the time taken does not reveal which one matches.
    let fits = false
    for (const key of keys) {
      if (timingSafeEqual(createHmac('sha256', key).update(body).digest(), given)) fits = true
    }
    return fits
  }
}

export function sign(body: string | Buffer, appSecret: string): string {
  return `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`
}
