/**
 * What an application imports: pages, elements, signals, work and errors.
 *
 * @packageDocumentation
 * @module edgewise
 */

export {
  App,
  type AppOptions,
  type BindingsOf,
  ConfigurationError,
  type ContentSecurityPolicy,
  type DevelopmentBindings,
  type DocumentOptions,
  type IdentityBindings,
  type PageBuilder,
  type PageContext,
  type PathParams,
} from './app/index.ts';
export type { Duration } from './clock/index.ts';
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
export type { Json, JsonObject, NotificationType } from './protocol/index.ts';
export { batch, type MaybeReactive, type ReadonlySignal, type Signal, type State } from './reactive/index.ts';
export {
  CancelledError,
  type Checkpoint,
  ExhaustedError,
  InterruptedError,
  ServiceError,
  TaskError,
  TimeoutError,
} from './rpc/index.ts';
export type { PageErrorHandler, PageErrorPlace, SessionClass, SessionPolicy } from './session/index.ts';
export {
  type SharedApi,
  type SharedClass,
  type SharedJob,
  type SharedJobOptions,
  type SharedSignal,
  shared,
  type Widen,
} from './shared/index.ts';
export {
  type BackgroundOptions,
  background,
  type ChunkOf,
  type Job,
  type JobEnd,
  type JobStatus,
  type NamePolicy,
  type RecentChunks,
  type ResultOf,
  type RunApi,
  type Runner,
  type RunOptions,
  run,
  type Task,
  type TasksOf,
  type WaitOptions,
} from './tasks/index.ts';
export type { WhileRunning } from './tree/index.ts';
