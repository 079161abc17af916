export { isReturn, noteReturn, openSocket, tabLocks, tabStorage } from './browser.ts';
export type {
  LinkPorts,
  LinkStart,
  LinkState,
  LinkStatus,
  LinkStorage,
  Replica,
  Socket,
  SocketEvents,
  Target,
} from './connection.ts';
export { Link, linkTimes } from './connection.ts';
export type { Locks, TabPage, TabStart } from './tab.ts';
export { claimPage, lockName, mayReload, rememberPage } from './tab.ts';
