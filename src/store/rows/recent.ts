/**
 * A cache of bounded size for recently written items, in two halves: when the newer half is full, the older one is
 * dropped. Moving an item to the end of a single Map at each write would rebuild the Map's table again and again.
 */
export interface Recent<T> {
  get(id: string): T | undefined
  set(id: string, what: T): void
  delete(id: string): void
  clear(): void
}

export function createRecent<T>(most: number): Recent<T> {
  let newer = new Map<string, T>()
  let older = new Map<string, T>()
  return {
    get: (id) => newer.get(id) ?? older.get(id),
    set(id, what) {
      if (newer.size >= most / 2 && !newer.has(id)) {
        older = newer
        newer = new Map()
      }
      newer.set(id, what)
    },
    delete(id) {
      newer.delete(id)
      older.delete(id)
    },
    clear() {
      newer.clear()
      older.clear()
    },
  }
}
