/** Scripted faults: a queue per name, where `*` means every name, and a standing fault until it is removed. */
export interface Faults<Fault extends object> {
  /** Each fault is used up by one request. `{}` lets one request pass. */
  script(name: string, faults: readonly Fault[]): void
  always(name: string, fault: Fault | null): void
  /** `{}` when nothing is scripted. */
  next(name: string): Partial<Fault>
  standing(name: string): Partial<Fault>
  reset(): void
}

export function createFaults<Fault extends object>(): Faults<Fault> {
  const queues = new Map<string, Fault[]>()
  const lasting = new Map<string, Fault>()
  const standing = (name: string): Partial<Fault> => lasting.get(name) ?? lasting.get('*') ?? {}
  return {
    script(name, faults) {
      queues.set(name, [...(queues.get(name) ?? []), ...faults])
    },
    always(name, fault) {
      if (fault === null) lasting.delete(name)
      else lasting.set(name, fault)
    },
    next: (name) => queues.get(name)?.shift() ?? queues.get('*')?.shift() ?? standing(name),
    standing,
    reset() {
      queues.clear()
      lasting.clear()
    },
  }
}
