import type { ConnectionStorage, Socket, SocketEvents, Target } from './connection.ts';
import type { TabPage } from './tab.ts';
import { lockName } from './tab-memory.ts';

/** The tab's own storage. It reads `sessionStorage` at each call, because even that may throw. */
export const tabStorage: ConnectionStorage = {
  get: (key) => sessionStorage.getItem(key),
  set: (key, value) => sessionStorage.setItem(key, value),
  remove: (key) => sessionStorage.removeItem(key),
};

/** Locks a page, which no other tab has, until the document is unloaded. */
export function lockPage(page: string): TabPage {
  void navigator.locks?.request(lockName(page), () => new Promise(() => {}));
  return { page, fork: false };
}

/** Opens the WebSocket of a page on the document's own host. `path` is the path and query with which the page was opened. */
export function openSocket(target: Target, path: string, events: SocketEvents): Socket {
  const query = new URLSearchParams({ page: target.page, path });
  if (target.fork) query.set('fork', '1');
  if (target.before) query.set('before', target.before);
  const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/_edgewise/socket?${query}`);
  socket.onopen = events.opened;
  socket.onmessage = ({ data }) => events.message(data);
  socket.onclose = events.closed;
  return socket;
}
