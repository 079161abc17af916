export type { JobConsumerApi, JobMessage } from '../jobs/index.ts';
export type { SessionApplication, VisitSurroundings } from './application.ts';
export { engineClock } from './clock.ts';
export { type SessionClass, type SessionObject, sessionClass } from './durable-object.ts';
export type {
  Admission,
  LogEntry,
  Opened,
  PageDefinition,
  PageErrorHandler,
  PageErrorPlace,
  PageRequest,
  SessionHost,
  SessionPolicy,
  Socket,
  SocketMemory,
} from './host.ts';
export { defaultPolicy } from './host.ts';
export { Session } from './session.ts';
export { userOf, userPrefix, type Visitor, visitorOf } from './visitor.ts';
