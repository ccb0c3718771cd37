import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'

/** An IPv6 address in full with an IPv4 tail. */
const LONGEST_ADDRESS = 45

/**
 * The caller's address, as a key of limits and a log field. Behind a trusted proxy it is taken from X-Forwarded-For,
 * which may hold any text, so only an IP address without a zone is accepted; otherwise it is the socket's.
 */
export function addressOf({ ip, socket }: Pick<FastifyRequest, 'ip' | 'socket'>): string {
  if (ip !== undefined && ip.length <= LONGEST_ADDRESS && isIP(ip) !== 0 && !ip.includes('%')) return ip
  return socket.remoteAddress ?? 'unknown'
}
