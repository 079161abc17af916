/**
 * The test kit of an application: a user with a browser, a server, a clock and a network, all in memory.
 *
 * @packageDocumentation
 * @module edgewise/testing
 */

export type { Clock, Duration, Timer } from '../clock/index.ts';
export type { TaskModule } from '../compute/index.ts';
export type { FileData, OpenFile } from '../file-ref/index.ts';
export type { EndReason, Json, JsonObject, Kind, MirrorNode, NodeId, NodeLiteral, Props } from '../protocol/index.ts';
export type { ComputeService } from '../rpc/index.ts';
export type {
  Admission,
  LogEntry,
  PageErrorHandler,
  PageErrorPlace,
  PageRequest,
  SessionPolicy,
} from '../session/index.ts';
export { type BrowserOptions, type DoneCommand, type SentEvent, TestBrowser } from './browser.ts';
export { seeded, settled, VirtualClock } from './clock.ts';
export { computeService } from './compute.ts';
export { type Direction, type FarEnd, type Noticed, Wire } from './network.ts';
export type { Builders, Pages, TestedApplication } from './pages.ts';
export type { Pattern, Query } from './query.ts';
export { type ServerOptions, TestServer } from './server.ts';
export { TestShared, type TestSharedOptions } from './shared.ts';
export { Found, type OpenOptions, open, type SavedFile, type TestFile, User, type WaitOptions } from './user.ts';
