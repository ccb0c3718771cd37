/**
 * A value, or the promise of one. The memory store answers at once, Redis later: the same code serves both, and what
 * is known at once does not pay for a promise.
 */
export type MaybePromise<T> = T | Promise<T>

export function andThen<A, B>(soon: MaybePromise<A>, next: (value: A) => MaybePromise<B>): MaybePromise<B> {
  return soon instanceof Promise ? soon.then(next) : next(soon)
}
