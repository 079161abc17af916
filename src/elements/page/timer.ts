import { type Duration, milliseconds } from '../../clock/index.ts';
import type { MaybeReactive } from '../../reactive/index.ts';
import { tickEvent } from '../../tree/index.ts';
import { Element, type ElementOptions } from '../element.ts';
import { type PageHost, pageHost } from '../page-host.ts';

/** Options of `ui.timer`. */
export interface TimerOptions extends ElementOptions {
  /** True runs the function once only, also when the page is rebuilt. @default false */
  readonly once?: boolean;
  /** False delays the first interval until `timer.active = true`. @default true */
  readonly active?: boolean;
}

/** A function that runs repeatedly while somebody watches the page. */
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
 * Runs a function repeatedly while somebody watches the page.
 *
 * - The interval counts from the end of one run to the start of the next, so a timer never overlaps itself.
 * - A rebuilt part (`ui.each`, `ui.show`, `ui.region`) neither delays nor repeats a run. A part that is removed and made again
 *   has a new timer.
 * - A run that is due while nobody watches happens once, as soon as somebody watches again.
 * - Setting `active` to false clears the due time; setting it to true starts a whole interval.
 * - From 10 seconds on, the server can hibernate between two runs, and the due time survives a restart. A shorter timer prevents
 *   hibernation while somebody watches, and a restart starts its interval from the beginning.
 * - A timer that a handler makes ends when the server restarts. A timer of the page function, or of a part, does not.
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
