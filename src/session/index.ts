export type { JobConsumerApi, JobMessage } from '../jobs/index.ts';
export {
  type SessionApplication,
  type SessionClass,
  type SessionObject,
  sessionClass,
  type VisitSurroundings,
} from './durable-object.ts';
export type {
  Admission,
  LogEntry,
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
export { type Visitor, visitorOf } from './visitor.ts';
