import { computed as follow, type ReadonlySignal, UncachedComputed } from '../reactive/index.ts';
import { pageHost } from './page-host.ts';

/**
 * Returns a signal that follows others. In a page it is computed once for each change. In a module, where all sessions have it, it is
 * computed where it is read, because each session reads what is shared for itself.
 *
 * @example
 * const items = ui.state<readonly string[]>([]);
 * const count = ui.computed(() => items.value.length);
 * ui.label(() => `${count.value} items`);
 */
export function computed<T>(compute: () => T): ReadonlySignal<T> {
  const page = pageHost.get();
  // In the page, whoever changes what it follows: what is shared by all sessions is read as this one's.
  return page ? follow(() => pageHost.run(page, compute)) : new UncachedComputed(compute);
}
