import { type Duration, milliseconds } from '../clock/index.ts';
import type { NotificationType } from '../protocol/index.ts';
import { type MaybeReactive, read, untracked } from '../reactive/index.ts';
import { Element, own } from './element.ts';
import { type PageHost, pageHost } from './page.ts';

export interface ProgressOptions {
  /** Shows the value as a percentage. Default true. */
  readonly label?: boolean;
}

/** A bar from 0 to 1; null shows that something is going on without saying how far it is. */
export class Progress extends Element {
  constructor(value: MaybeReactive<number | null> = null, options: ProgressOptions = {}) {
    const first = untracked(() => read(value));
    super('progress', own<'progress'>({ value: bounded(first), ...(options.label === false && { label: false }) }));
    if (typeof value === 'object' || typeof value === 'function') if (value !== null) this.value = value;
  }

  get value(): number | null {
    return this.node.tree.value(this.node, 'value') as number | null;
  }

  set value(value: MaybeReactive<number | null>) {
    this.bind('value', value, bounded);
  }
}

function bounded(value: number | null): number | null {
  return value === null || Number.isNaN(value) ? null : Math.min(1, Math.max(0, value));
}

export interface SpinnerOptions {
  /** Default `md`. */
  readonly size?: 'xs' | 'sm' | 'md' | 'lg' | 'xl';
  /** What is going on, for who cannot see it. Default 'Loading'. */
  readonly label?: string;
}

/** Shows that something is going on. */
export class Spinner extends Element {
  constructor(options: SpinnerOptions = {}) {
    super('spinner', own<'spinner'>({ ...options }));
  }
}

export interface NotifyOptions {
  /** Default `info`. */
  readonly type?: NotificationType;
  /** How long it shows; 0 until the user dismisses it. Default 5 seconds. */
  readonly timeout?: Duration | 0;
}

/** Shows a message at the edge of the page. It waits for a browser when none is connected, and is seen once. */
export function notify(text: string, options: NotifyOptions = {}): void {
  const { tree } = pageHost.require('ui.notify');
  const { type = 'info', timeout = 5_000 } = options;
  // What a builder shows belongs to it: a rebuild must not show again what was seen.
  tree.create(
    { node: tree.root, structural: tree.constructing },
    'notification',
    own<'notification'>({ text: String(text), type, timeout: timeout === 0 ? 0 : milliseconds(timeout) }),
  );
}

export interface TimerOptions {
  /** Runs once and no more, also when the page is rebuilt. Default false. */
  readonly once?: boolean;
  /** False waits for `timer.active = true`. Default true. */
  readonly active?: boolean;
}

/**
 * Runs a function again and again while somebody watches the page. It never overlaps itself: the interval counts from
 * the end of one run to the start of the next. From 10 seconds on, the object can sleep between two runs.
 */
export class Timer extends Element {
  readonly #page: PageHost;

  constructor(interval: Duration, tick: () => unknown, options: TimerOptions = {}) {
    super('timer', options.active === false ? { disabled: true } : {});
    this.#page = pageHost.require('ui.timer');
    const spec = { interval: milliseconds(interval), once: options.once === true, tick };
    const { activeDryRun } = this.node.tree;
    if (activeDryRun) activeDryRun.hear(this.node, '', { hear: tick, whileRunning: 'parallel', author: tick });
    else this.#page.timer(this.node, spec);
  }

  /** False stops the timer until it is set to true. */
  get active(): boolean {
    return this.enabled;
  }

  set active(active: MaybeReactive<boolean>) {
    this.enabled = active;
  }

  protected override changed(prop: string): void {
    if (prop === 'disabled') this.#page.timerChanged(this.node);
  }

  /** Ends the timer for good. */
  cancel(): void {
    this.delete();
  }
}
