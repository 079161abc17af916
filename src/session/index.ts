export type { JobDesk, JobMessage } from '../jobs/index.ts';
export { type SessionApplication, type SessionClass, type SessionObject, sessionClass } from './object.ts';
export type {
  LogEntry,
  PageDefinition,
  PageRequest,
  SessionHost,
  SessionPolicy,
  Socket,
  SocketMemory,
} from './ports.ts';
export { defaultPolicy } from './ports.ts';
export { Session } from './session.ts';
