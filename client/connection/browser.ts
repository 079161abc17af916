import type { ConnectionStorage, Socket, SocketEvents, Target } from './connection.ts';
import type { Locks } from './tab.ts';

/** The tab's own storage. It reads `sessionStorage` at each call, because even that may throw. */
export const tabStorage: ConnectionStorage = {
  get: (key) => sessionStorage.getItem(key),
  set: (key, value) => sessionStorage.setItem(key, value),
  remove: (key) => sessionStorage.removeItem(key),
};

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

/** Opens the WebSocket of a page on the document's own host. `path` is the path and query with which the page was opened. */
export function openSocket(target: Target, path: string, events: SocketEvents): Socket {
  const query = new URLSearchParams({ page: target.page, path });
  if (target.fork) query.set('fork', '1');
  if (target.before) query.set('before', target.before);
  const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/_edgewise/socket?${query}`);
  socket.onopen = events.opened;
  socket.onmessage = (event) => events.message(event.data);
  socket.onclose = events.closed;
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: () => socket.close(),
  };
}

/** Sets a short-lived cookie for the next request of this path, so that a reload returns to the same page. */
export function noteReturn(page: string | undefined): void {
  document.cookie = `edgewise_page=${page ?? ''}; Path=${location.pathname}; Max-Age=${page ? 30 : 0}; SameSite=Lax`;
}

/** Returns how this document was opened. A duplicate of a tab counts as `back_forward` in Chromium. */
export function navigationType(): NavigationTimingType | undefined {
  const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return entry?.type;
}
