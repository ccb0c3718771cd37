import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'

/** IPv6 in full with an IPv4 tail. */
const LONGEST_ADDRESS = 45

/**
 * The caller's address, as a key of limits and a field of the log. Behind a trusted proxy it is what X-Forwarded-For says,
 * which may be any text: only an IP address counts, without a zone, which may be any text too. Else it is the socket's.
 */
export function addressOf({ ip, socket }: Pick<FastifyRequest, 'ip' | 'socket'>): string {
  if (ip !== undefined && ip.length <= LONGEST_ADDRESS && isIP(ip) !== 0 && !ip.includes('%')) return ip
  return socket.remoteAddress ?? 'unknown'
}
