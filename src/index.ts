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
export { ui } from './elements/index.ts';
export { batch, computed, type MaybeReactive, type ReadonlySignal, type Signal } from './reactive/index.ts';
export {
  CancelledError,
  type Job,
  type JobStatus,
  type RunOptions,
  run,
  ServiceError,
  TaskError,
  TimeoutError,
} from './tasks/index.ts';
