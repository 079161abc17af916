import type { Json, Panel as PanelProps } from '../../protocol/index.ts';
import type { MaybeReactive } from '../../reactive/index.ts';
import { type ElementOptions, own, ValueElement } from '../element.ts';
import { buildPanel, type Panels, panelsOf } from '../panels.ts';

/** Options of `ui.stepper`. */
export interface StepperOptions extends ElementOptions {
  /** The present step: its value, or a signal that it is bound to in both directions. @default the first step */
  readonly value?: MaybeReactive<string>;
  /** True shows the names of the steps below each other. @default false */
  readonly vertical?: boolean;
  /** True lets the user go to any step by its name. @default false */
  readonly navigable?: boolean;
  /** Called after the user has gone to a step by its name. @default none */
  readonly onChange?: (value: string) => unknown;
}

/** Steps, of which one is visible. The `value` is that of the present step: its text, unless it has a value of its own. */
export class Stepper extends ValueElement<string> {
  constructor(steps: Panels, options: StepperOptions = {}) {
    const { props, builds } = panelsOf('ui.stepper', steps);
    const { value = props[0]?.value as string, vertical, navigable, onChange } = options;
    const flags = { ...(vertical && { vertical }), ...(navigable && { navigable }) };
    super('stepper', own<'stepper'>({ value: '', steps: props, ...flags }), value, options);
    if (onChange) this.onChange((event) => onChange(event.value));
    for (const build of builds) this.add(() => buildPanel('ui.stepper', build));
  }

  /** Goes to the next step. At the last one nothing happens. */
  next(): void {
    this.#go(1);
  }

  /** Goes back to the previous step. At the first one nothing happens. */
  previous(): void {
    this.#go(-1);
  }

  #go(by: number): void {
    const steps = this.get<Json>('steps') as unknown as readonly PanelProps[];
    const next = steps[steps.findIndex(({ value }) => value === this.value) + by];
    if (next) this.value = next.value;
  }
}

/**
 * Leads through steps, of which one is visible at a time. The step's own buttons call `next` and `previous`. A list, whose
 * present item has `aria-current`.
 *
 * @example
 * const stepper = ui.stepper({
 *   Address: () => {
 *     ui.input('Street', { value: street });
 *     ui.button('Next', () => stepper.next());
 *   },
 *   Payment: () => {
 *     ui.button('Pay', pay);
 *     ui.button('Back', () => stepper.previous(), { variant: 'ghost' });
 *   },
 * });
 *
 * @param steps functions that make the steps, by their texts.
 * @throws {TypeError} when there is no step, or two have the same value.
 */
export function stepper(steps: Panels, options?: StepperOptions): Stepper {
  return new Stepper(steps, options);
}
