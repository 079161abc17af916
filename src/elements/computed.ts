import { computed as follow, type ReadonlySignal, UncachedComputed } from '../reactive/index.ts';
import { pageHost } from './page.ts';

/**
 * A signal that follows others. In a page it is computed once for each change; in a module, where all sessions have it, it is computed
 * where it is read, since what is shared is read by each session for itself.
 */
export function computed<T>(compute: () => T): ReadonlySignal<T> {
  const page = pageHost.get();
  // In the page, whoever changes what it follows: what is shared by all sessions is read as this one's.
  return page ? follow(() => pageHost.run(page, compute)) : new UncachedComputed(compute);
}
