/** The authors' door: what an application imports from `edgewise`. */

export {
  App,
  type AppOptions,
  ConfigurationError,
  type ContentSecurityPolicy,
  type DocumentOptions,
  type IdentityBindings,
  type PageBuilder,
  type PageContext,
  type PageErrorHandler,
  type PathParams,
} from './app/index.ts';
export { computed, type NamedJob, type NamedJobOptions, ui } from './elements/index.ts';
export { batch, type MaybeReactive, type ReadonlySignal, type Signal } from './reactive/index.ts';
export {
  CancelledError,
  ExhaustedError,
  InterruptedError,
  ServiceError,
  TaskError,
  TimeoutError,
} from './rpc/index.ts';
export { type RecentChunks, type SharedJob, type SharedJobOptions, type SharedSignal, shared } from './shared/index.ts';
export { type BackgroundOptions, background, type Job, type JobStatus, type RunOptions, run } from './tasks/index.ts';
