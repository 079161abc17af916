export { computed } from './computed.ts';
export type { Container } from './container.ts';
export { staying } from './dynamic.ts';
export {
  Element,
  type ElementOptions,
  type Handler,
  type ListenOptions,
  TextElement,
  type UiEvent,
  ValueElement,
} from './element.ts';
export type { JobsPanel } from './jobs-panel.ts';
export type { NamedJob, NamedJobOptions } from './named-job.ts';
export { type PageHost, pageHost, type TimerSpec } from './page-host.ts';
export type * from './types.gen.ts';
export * as ui from './ui.ts';
