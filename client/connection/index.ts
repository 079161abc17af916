export { navigationType, noteReturn, openSocket, tabLocks, tabStorage } from './browser.ts';
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
export { Connection } from './connection.ts';
export { type EntryMemory, historyEntry } from './history-entry.ts';
export type { Locks, TabPage, TabStart } from './tab.ts';
export { claimPage, isForeign, lockName, pageBefore, pageOfAddress, rememberPage } from './tab.ts';
export * as connectionTimes from './times.ts';
