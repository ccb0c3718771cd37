import { cpus, totalmem } from 'node:os'

/** What the numbers were measured on. No host's name: it says nothing to others. */
export function machine() {
  const cores = cpus()
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memory_gib: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
  }
}
