/** A value or the promise of one: the memory store answers at once and must not pay for a promise, Redis answers later. */
export type MaybePromise<T> = T | Promise<T>

export function andThen<A, B>(value: MaybePromise<A>, next: (settled: A) => MaybePromise<B>): MaybePromise<B> {
  return value instanceof Promise ? value.then(next) : next(value)
}
