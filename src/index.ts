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
  type HeadOptions,
  type IdentityBindings,
  type PageBuilder,
  type PageContext,
  type StaticSource,
} from './app/index.ts';
export type { Duration } from './clock/index.ts';
export type { Collection, EntryMap, KeyOf, List } from './collection/index.ts';
export {
  type AxesChart,
  type AxesChartOptions,
  type Bar,
  type BarOptions,
  type CallOptions,
  type ChartData,
  type ChoiceControl,
  type Choices,
  type Chosen,
  type Column,
  type Container,
  type Control,
  type ControlOptions,
  computed,
  type Element,
  type ElementOptions,
  type FieldOptions,
  type FileContent,
  type FileOptions,
  type Handler,
  type JobsPanel,
  type ListenOptions,
  type LookOptions,
  type MediaSource,
  type Menu,
  type MenuOptions,
  type NamedJob,
  type NamedJobOptions,
  type NavigateOptions,
  type NotFound,
  type NotFoundBuilder,
  notFound,
  type Panel,
  type Panels,
  type PathParams,
  type Player,
  type PlayerOptions,
  type Redirect,
  type Rule,
  redirect,
  type ScrollOptions,
  type Series,
  type StepOptions,
  type SubPage,
  type SubPageBuilder,
  type TextElement,
  type UiEvent,
  ui,
  type ValueElement,
  type Values,
  type Verdict,
} from './elements/index.ts';
export type * from './elements/types.gen.ts';
export { type FileData, FileRef } from './file-ref/index.ts';
export type {
  Align,
  Choice,
  Color,
  Columns,
  EditorTool,
  Json,
  JsonObject,
  LatLng,
  MapShape,
  NotificationPosition,
  NotificationType,
  Size,
  StickyPosition,
  ThemeColor,
  Variant,
} from './protocol/index.ts';
export { batch, type MaybeReactive, type ReadonlySignal, type Signal, type State } from './reactive/index.ts';
export {
  CancelledError,
  type Checkpoint,
  ExhaustedError,
  InterruptedError,
  type Residency,
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
} from './shared/index.ts';
export { type Storage, type StorageScope, type Stored, storage } from './stores/index.ts';
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
/** @internal */
export { named } from './tree/index.ts';
