/** A queue: an array's own `shift` costs more the longer the array is. */
export interface Fifo<T> {
  push(item: T): void
  shift(): T | undefined
  some(is: (item: T) => boolean): boolean
}

const COMPACT_FROM = 1_024

export function createFifo<T>(): Fifo<T> {
  let items: T[] = []
  let head = 0
  return {
    push: (item) => void items.push(item),
    shift() {
      if (head === items.length) return undefined
      const item = items[head]!
      head += 1
      if (head >= COMPACT_FROM && head * 2 > items.length) {
        items = items.slice(head)
        head = 0
      }
      return item
    },
    some: (is) => items.slice(head).some(is),
  }
}
