import type { MaybeReactive } from '../../reactive/index.ts';
import { type ElementOptions, own, ValueElement } from '../element.ts';
import { buildPanel } from '../panels.ts';

/** Options of `ui.splitter`. */
export interface SplitterOptions extends ElementOptions {
  /** Size of the first part in percent: a value, or a signal that it is bound to in both directions. @default 50 */
  readonly value?: MaybeReactive<number>;
  /** The least and the greatest size of the first part, in percent. @default [0, 100] */
  readonly limits?: readonly [min: number, max: number];
  /** True places the parts below each other. @default false */
  readonly horizontal?: boolean;
  /** Names the line between the parts for assistive technology. @default 'Size of the parts' */
  readonly label?: string;
  /** Called after the user has moved the line. @default none */
  readonly onChange?: (value: number) => unknown;
}

/** Two parts with a line between them that the user moves. The `value` is the size of the first part in percent. */
export class Splitter extends ValueElement<number> {
  constructor(before: () => void, after: () => void, options: SplitterOptions = {}) {
    const { value = 50, limits: [min, max] = [0, 100], horizontal, label = 'Size of the parts', onChange } = options;
    if (!(0 <= min && min <= max && max <= 100)) {
      throw new TypeError(`The limits of ui.splitter are two numbers from 0 to 100, not [${min}, ${max}].`);
    }
    super(
      'splitter',
      own<'splitter'>({ value: 0, min, max, name: label, ...(horizontal && { horizontal }) }),
      value,
      options,
    );
    if (onChange) this.onChange((event) => onChange(event.value));
    this.add(() => buildPanel('ui.splitter', before));
    this.add(() => buildPanel('ui.splitter', after));
  }
}

/**
 * Places two parts beside each other, with a line between them that the pointer and the arrow keys move (APG: window splitter).
 *
 * @example
 * ui.splitter(
 *   () => ui.label('Mails'),
 *   () => ui.label('The chosen mail'),
 *   { value: 30, limits: [20, 80] },
 * );
 *
 * @param before makes the first part.
 * @param after makes the second part.
 * @throws {TypeError} for limits that are not from 0 to 100, the lower one first.
 */
export function splitter(before: () => void, after: () => void, options?: SplitterOptions): Splitter {
  return new Splitter(before, after, options);
}
