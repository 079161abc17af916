import type { ComponentChildren } from 'preact';
import type { Json } from '../../src/protocol/index.ts';
import { ValueControl } from './control.tsx';
import { Field, labelling } from './field.tsx';

/** The last date with a year of four digits. Without it, Chromium lets a person type six of them, and the session takes four. */
export const lastDate = '9999-12-31';

/** A date or a time. It is sent when it is complete and within the bounds. */
export abstract class MomentControl<K extends 'date' | 'time'> extends ValueControl<K> {
  protected override valueOf(text: string): Json | undefined {
    const control = this.control.current;
    return control && !finished(control) ? undefined : text;
  }

  /** A date field has no caret. */
  protected override write(control: HTMLInputElement, text: string): void {
    control.value = text;
  }

  protected moment(type: 'date' | 'time', step?: number): ComponentChildren {
    const { node, own } = this.props;
    const props = this.props.props;
    const { min, max, readonly, autofocus } = props;
    return (
      <Field node={node} props={props} own={own} base="input" onClear={() => this.enter('')}>
        <input
          autocomplete="off"
          {...labelling(node, props)}
          {...this.typing()}
          ref={this.control}
          type={type}
          min={min}
          max={max ?? (type === 'date' ? lastDate : undefined)}
          step={step}
          readOnly={readonly}
          autofocus={autofocus}
          defaultValue={this.first as string}
        />
      </Field>
    );
  }
}

/** Returns false while a person writes a date: a part is missing, it is out of bounds, or its year has too few digits. */
export function finished(control: HTMLInputElement): boolean {
  const { badInput, rangeUnderflow, rangeOverflow } = control.validity;
  return !badInput && !rangeUnderflow && !rangeOverflow && !/^0/.test(control.type === 'date' ? control.value : '');
}
