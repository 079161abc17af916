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
export {
  type Container,
  computed,
  type Element,
  type ElementOptions,
  type Handler,
  type JobsPanel,
  type ListenOptions,
  type NamedJob,
  type NamedJobOptions,
  type TextElement,
  type UiEvent,
  ui,
  type ValueElement,
} from './elements/index.ts';
export type * from './elements/types.gen.ts';
export { batch, type MaybeReactive, type ReadonlySignal, type Signal } from './reactive/index.ts';
export {
  CancelledError,
  ExhaustedError,
  InterruptedError,
  ServiceError,
  TaskError,
  TimeoutError,
} from './rpc/index.ts';
export { type SharedJob, type SharedJobOptions, type SharedSignal, shared } from './shared/index.ts';
export {
  type BackgroundOptions,
  background,
  type Job,
  type JobStatus,
  type RecentChunks,
  type RunOptions,
  run,
  type WaitOptions,
} from './tasks/index.ts';
