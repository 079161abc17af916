import { type MaybeReactive, notReadingOnce, read, untracked } from '../reactive/index.ts';
import { pageHost } from './page-host.ts';

/**
 * Returns what an element begins with. Where a page that was shown before is built again, a function or signal that throws costs
 * only its prop: the binding reports the error, and shows the next good value.
 *
 * @param otherwise what the element begins with then.
 * @param to converts the value.
 */
export function firstOf<T, V = T>(source: MaybeReactive<T>, otherwise: V, to?: (value: T) => V): V {
  try {
    return notReadingOnce(() => untracked(() => (to ? to(read(source)) : (read(source) as unknown as V))));
  } catch (error) {
    if (!pageHost.get()?.returning) throw error;
    return otherwise;
  }
}
