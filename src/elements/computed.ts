import { computed as follow, type ReadonlySignal, UncachedComputed } from '../reactive/index.ts';
import { pageHost } from './page-host.ts';

/**
 * Returns a signal that follows others. A page computes it once for each change. In a module, it is computed at each read,
 * because each session reads its own copy of shared values.
 *
 * @example
 * const items = ui.state<readonly string[]>([]);
 * const count = ui.computed(() => items.value.length);
 * ui.label(() => `Items: ${count.value}`);
 */
export function computed<T>(compute: () => T): ReadonlySignal<T> {
  const page = pageHost.get();
  // The function runs in the page's context, because it may read shared values, and those belong to a session.
  return page ? follow(() => pageHost.run(page, compute)) : new UncachedComputed(compute);
}
