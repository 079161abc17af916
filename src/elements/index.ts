export type { AxesChart, AxesChartOptions } from './axes-chart.ts';
export type { ScrollOptions } from './browser.ts';
export { type CallOptions, callInBrowser } from './call.ts';
export type { ChoiceControl } from './choice-control.ts';
export type { Choices, Chosen } from './choices.ts';
export type { Column } from './columns.ts';
export { computed } from './computed.ts';
export type { Container } from './container.ts';
export type { Control, ControlOptions, FieldOptions, Rule, Verdict } from './control.ts';
export {
  bindProp,
  Element,
  type ElementOptions,
  type Handler,
  type ListenOptions,
  TextElement,
  type UiEvent,
  ValueElement,
} from './element.ts';
export type { FileOptions } from './files.ts';
export type { JobsPanel } from './jobs-panel.ts';
export { leadsTo, PageLocation } from './location.ts';
export type { LookOptions } from './look.ts';
export type { Menu, MenuOptions } from './menu.ts';
export type { NamedJob, NamedJobOptions } from './named-job.ts';
export type { NavigateOptions } from './navigate.ts';
export { NotFound, notFound, Redirect, redirect, thrownOutcome } from './outcome.ts';
export type { NotFoundBuilder, SubPage, SubPageBuilder } from './outlet.ts';
export {
  type FileContent,
  type OfferedFile,
  type PageFiles,
  type PageHost,
  pageHost,
  type TimerSpec,
  type UploadTicket,
} from './page-host.ts';
export type { Panel, Panels } from './panels.ts';
export type { PathParams } from './path.ts';
export type { Player, PlayerOptions } from './player.ts';
export type { ChartData, Series, Values } from './series.ts';
export type { Bar, BarOptions } from './shell/bar.ts';
export type { MediaSource } from './source.ts';
export type { StepOptions } from './steps.ts';
export type * from './types.gen.ts';
export * as ui from './ui.ts';
export { connectEvent, disconnectEvent, PageVisitor } from './visitor.ts';
