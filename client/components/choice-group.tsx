import type { ComponentChildren } from 'preact';
import type { Json, Labelled, Option } from '../../src/protocol/index.ts';
import { withListeners } from '../dom/index.ts';
import { Control } from './control.tsx';
import { message } from './labelling.tsx';

/**
 * One of several visible options: native radio buttons, whatever they look like. The browser moves between them by arrow keys.
 * A radio button has the text of its option's value.
 */
export abstract class ChoiceGroup<K extends 'radio' | 'toggle' | 'rating'> extends Control<K, HTMLFieldSetElement> {
  protected abstract readonly options: readonly Option[];

  protected override textOf(value: Json): string {
    return String(value);
  }

  protected override valueOf(text: string): Json | undefined {
    const option = this.options.find(({ value }) => String(value) === text);
    return option ? option.value : text === 'null' ? null : undefined;
  }

  protected override read(group: HTMLFieldSetElement): string {
    return radios(group).find((radio) => radio.checked)?.value ?? 'null';
  }

  protected override write(group: HTMLFieldSetElement, text: string): void {
    for (const radio of radios(group)) radio.checked = radio.value === text;
  }

  protected override untouched(group: HTMLFieldSetElement): string {
    return radios(group).find((radio) => radio.defaultChecked)?.value ?? 'null';
  }

  /** Takes the choice back when it is chosen again, by a click or by the space bar, which clicks no button that is chosen. */
  protected again = (event: MouseEvent | KeyboardEvent): void => {
    if (event.type === 'keydown' && (event as KeyboardEvent).key !== ' ') return;
    const group = this.control.current;
    const radio = event.target;
    // A key that moves to another radio button clicks it, too; then the value is still the one before.
    if (!group || !(radio instanceof HTMLInputElement) || radio.value !== this.textOf(this.value as Json)) return;
    if (event.type === 'keydown') event.preventDefault();
    this.write(group, 'null');
    this.commit();
  };

  /** @param show returns what stands for an option, with the attributes of its radio button. */
  protected group(
    classes: string,
    clearable: boolean,
    show: (option: Option, radio: Record<string, unknown>) => ComponentChildren,
  ): ComponentChildren {
    const { node, own } = this.props;
    const props: Labelled = this.props.props;
    const name = `e${node.id}`;
    const listeners = { onchange: this.commit, ...(clearable && { onclick: this.again, onkeydown: this.again }) };
    return (
      <fieldset
        role="radiogroup"
        {...withListeners(own.inner, listeners)}
        {...own.outer('edgewise-choice')}
        ref={this.control}
        aria-label={props.label}
        aria-invalid={props.error ? 'true' : undefined}
        aria-describedby={props.error || props.hint ? `${name}-m` : undefined}
      >
        {props.label && (
          <span aria-hidden="true" class="edgewise-caption">
            {props.label}
          </span>
        )}
        <div class={classes}>
          {this.options.map((option, index) =>
            show(option, {
              autocomplete: 'off',
              type: 'radio',
              name,
              id: index === 0 ? name : undefined,
              value: String(option.value),
              defaultChecked: String(option.value) === String(this.first),
            }),
          )}
        </div>
        {message(node, props)}
      </fieldset>
    );
  }
}

function radios(group: HTMLFieldSetElement): HTMLInputElement[] {
  return [...group.querySelectorAll<HTMLInputElement>('input[type="radio"]')];
}
