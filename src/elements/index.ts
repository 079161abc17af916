export { computed } from './computed.ts';
export { Element, type Handler, type ListenOptions, TextElement, type UiEvent, ValueElement } from './element.ts';
export type {
  NotifyOptions,
  Progress,
  ProgressOptions,
  Spinner,
  SpinnerOptions,
  Timer,
  TimerOptions,
} from './feedback.ts';
export type { Checkbox, CheckboxOptions, Input, InputOptions, Select, SelectOptions } from './inputs.ts';
export type { NamedJob, NamedJobOptions } from './job.ts';
export type { JobsPanel } from './jobs.ts';
export type { Container, Dialog, DialogOptions, Tabs } from './layout.ts';
export { type PageHost, pageHost, type TimerSpec } from './page.ts';
export { staying } from './parts.ts';
export type { Button, ButtonOptions, Image, ImageOptions, Label, Link, LinkOptions, Log, LogOptions } from './text.ts';
export { ui } from './ui.ts';
