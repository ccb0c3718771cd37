/** A cache of bounded size: above it the item that was written least recently is dropped. */
export interface Recent<T> {
  get(id: string): T | undefined
  set(id: string, what: T): void
  delete(id: string): void
  clear(): void
}

export function createRecent<T>(most: number): Recent<T> {
  const all = new Map<string, T>()
  return {
    get: (id) => all.get(id),
    set(id, what) {
      // Deleted first, so that it becomes the newest in the Map's order.
      if (!all.delete(id) && all.size >= most) all.delete(all.keys().next().value!)
      all.set(id, what)
    },
    delete: (id) => void all.delete(id),
    clear: () => all.clear(),
  }
}
