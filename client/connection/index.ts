export { isReturn, noteReturn, openSocket, tabLocks, tabStorage } from './browser.ts';
export type {
  ConnectionPorts,
  ConnectionStart,
  ConnectionState,
  ConnectionStatus,
  ConnectionStorage,
  ReplicaPort,
  Socket,
  SocketEvents,
  Target,
} from './connection.ts';
export { Connection, connectionTimes } from './connection.ts';
export type { Locks, TabPage, TabStart } from './tab.ts';
export { claimPage, lockName, mayReload, rememberPage } from './tab.ts';
