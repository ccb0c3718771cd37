/**
 * A value or a promise of one: the memory store answers synchronously and must not pay for a promise; Redis answers
 * with one.
 */
export type MaybePromise<T> = T | Promise<T>

export function andThen<A, B>(value: MaybePromise<A>, next: (settled: A) => MaybePromise<B>): MaybePromise<B> {
  return value instanceof Promise ? value.then(next) : next(value)
}
