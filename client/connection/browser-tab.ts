import type { Locks } from './tab.ts';

/** Web Locks; without them (an insecure origin) every lock counts as free. */
export const tabLocks: Locks = {
  take: (name, ms) =>
    new Promise((resolve) => {
      if (!navigator.locks) {
        resolve(true);
        return;
      }
      const signal = AbortSignal.timeout(ms);
      navigator.locks
        .request(name, { signal }, () => {
          resolve(true);
          return new Promise(() => {}); // Locked until the document is unloaded.
        })
        .catch(() => resolve(false));
    }),
};

/** Sets a short-lived cookie for the next request of this path, so that a reload returns to the same page. */
export function noteReturn(page: string | undefined): void {
  document.cookie = `edgewise_page=${page ?? ''}; Path=${location.pathname}; Max-Age=${page ? 30 : 0}; SameSite=Lax`;
}

/** Returns how this document was opened. A duplicate of a tab counts as `back_forward` in Chromium. */
export function navigationType(): NavigationTimingType | undefined {
  const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return entry?.type;
}
