import type { Choice, Json, Option, Props } from '../protocol/index.ts';
import type { MaybeReactive } from '../reactive/index.ts';
import { type Choices, optionsOf } from './choices.ts';
import { Control, type ControlOptions } from './control.ts';
import { isReactive } from './element.ts';
import { firstOf } from './first.ts';

/** A control whose value is one of its options, or several of them. */
export class ChoiceControl<T extends Json> extends Control<T> {
  /** Returns the value of a control that has none of the author's, while its options change. */
  readonly #empty: ((list: readonly Option[]) => Json) | undefined;

  /**
   * @param empty returns the first value when the author gives none.
   * @internal
   */
  constructor(
    kind: 'radio' | 'select' | 'toggle',
    choices: MaybeReactive<Choices>,
    props: Props,
    options: ControlOptions<T>,
    empty: (list: readonly Option[]) => Json = () => null,
  ) {
    const list = firstOf(choices, [], (all) => optionsOf(`ui.${kind}`, all));
    super(kind, { ...props, options: list }, options.value ?? (empty(list) as T), options);
    if (!isReactive(choices)) return;
    if (options.value === undefined) {
      this.#empty = empty;
      this.tree.setDefault(this.node, 'value', this.value);
    }
    this.options = choices;
  }

  /** What can be chosen. A value that is no option any more shows as no choice. Assign a signal or a function to bind it. */
  get options(): readonly (readonly [value: Choice, text: string])[] {
    return this.get<Option[]>('options').map(({ value, text }) => [value, text] as const);
  }

  set options(choices: MaybeReactive<Choices>) {
    this.bind('options', choices, (now: Choices) => optionsOf(`ui.${this.node.kind}`, now));
  }

  /** @internal */
  protected override changed(prop: string): void {
    super.changed(prop);
    if (prop === 'options' && #empty in this && this.#empty)
      this.tree.setDefault(this.node, 'value', this.#empty(this.get<Option[]>('options')));
  }
}
