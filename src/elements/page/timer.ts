import { type Duration, milliseconds } from '../../clock/index.ts';
import type { MaybeReactive } from '../../reactive/index.ts';
import { tickEvent } from '../../tree/index.ts';
import { Element, type ElementOptions } from '../element.ts';
import { type PageHost, pageHost } from '../page-host.ts';

/** Options of `ui.timer`. */
export interface TimerOptions extends ElementOptions {
  /** Runs once and no more, also when the page is rebuilt. @default false */
  readonly once?: boolean;
  /** False waits for `timer.active = true`. @default true */
  readonly active?: boolean;
}

/** A function that runs again and again while somebody watches the page. */
export class Timer extends Element {
  readonly #page: PageHost;

  constructor(interval: Duration, tick: () => unknown, options: TimerOptions = {}) {
    super('timer', options.active === false ? { disabled: true } : {}, options);
    this.#page = pageHost.require('ui.timer');
    this.tree.listen(this.node, tickEvent, { hear: tick, whileRunning: 'parallel', author: tick });
    this.#page.timer(this.node, { interval: milliseconds(interval), once: options.once === true });
  }

  /** False stops the timer until it is set to true. */
  get active(): boolean {
    return this.enabled;
  }

  set active(active: MaybeReactive<boolean>) {
    this.enabled = active;
  }

  /** @internal */
  protected override changed(prop: string): void {
    if (prop === 'disabled') this.#page.timerChanged(this.node);
  }

  /** Ends the timer for good. */
  cancel(): void {
    this.delete();
  }
}

/**
 * Runs a function again and again while somebody watches the page.
 *
 * - The interval counts from the end of one run to the start of the next, so a timer never overlaps itself.
 * - A part that is built again (`ui.each`, `ui.show`, `ui.region`) neither delays nor repeats a run. A part that goes and comes
 *   again has a new timer.
 * - A run whose time comes while nobody watches is made once, as soon as somebody watches again.
 * - Setting `active` to false forgets the time; setting it to true begins a whole interval.
 * - From 10 seconds on, the server can sleep between two runs, and a restart keeps the time. A shorter timer keeps the server
 *   awake while somebody watches, and begins its interval anew after a restart.
 * - A timer that a handler makes ends when the server restarts. Make it in the page function, or in a part, to keep it.
 *
 * @example
 * const time = ui.state('');
 * ui.timer('30s', () => {
 *   time.value = new Date(ui.now()).toISOString();
 * });
 *
 * @param interval milliseconds, or a text such as `'30s'`, `'5m'`.
 * @throws {TypeError} when `interval` is no duration.
 * @throws {RangeError} when it is above 24 days, other than `Infinity`.
 */
export function timer(interval: Duration, tick: () => unknown, options?: TimerOptions): Timer {
  return new Timer(interval, tick, options);
}
