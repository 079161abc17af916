export { lockPage, openSocket, tabStorage } from './browser.ts';
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
export type { TabPage } from './tab.ts';
export { lastPage, lockName, rememberPage } from './tab-memory.ts';
export * as connectionTimes from './times.ts';
