import type { ComponentChildren } from 'preact';
import type { Json } from '../../../src/protocol/index.ts';
import { ValueControl } from '../control.tsx';
import { Field, labelling } from '../field.tsx';

/** A number. A text that is no number within the bounds is not sent; leaving the field puts the nearest such number there. */
export class Number extends ValueControl<'number'> {
  protected override textOf(value: Json): string {
    const { decimals } = this.props.props;
    if (typeof value !== 'number') return '';
    return decimals === undefined ? String(value) : value.toFixed(decimals);
  }

  protected override valueOf(text: string): Json | undefined {
    // The browser reports a text that is no number, such as a lone minus sign, as empty.
    if (text === '') return this.control.current?.validity.badInput ? undefined : null;
    const number = this.#rounded(globalThis.Number(text));
    const { min = number, max = number } = this.props.props;
    return number >= min && number <= max ? number : undefined;
  }

  /** Formats the number, or puts the nearest one that is allowed. */
  protected override settle(): void {
    const control = this.control.current;
    if (!control || control.value === '') return;
    const { min = -Infinity, max = Infinity } = this.props.props;
    const number = Math.min(max, Math.max(min, this.#rounded(control.valueAsNumber)));
    this.write(control, this.textOf(number));
    this.edit();
  }

  /** A number field has no caret. */
  protected override write(control: HTMLInputElement, text: string): void {
    if (control.value !== text) control.value = text;
  }

  #rounded(number: number): number {
    const { precision } = this.props.props;
    if (precision === undefined) return number;
    // By the decimal text, because a factor such as 0.1 is no exact number.
    const [digits, exponent = '0'] = String(number).split('e') as [string, string?];
    const scaled = Math.round(globalThis.Number(`${digits}e${globalThis.Number(exponent) + precision}`));
    return globalThis.Number(`${scaled}e${-precision}`);
  }

  override render(): ComponentChildren {
    const { node, props, own } = this.props;
    const { label, placeholder, min, max, step, precision, readonly, autofocus } = props;
    return (
      <Field node={node} props={props} own={own} base="input" onClear={() => this.enter(null)}>
        <input
          autocomplete="off"
          {...labelling(node, props)}
          {...this.typing()}
          ref={this.control}
          type="number"
          inputMode={precision === 0 && (min ?? -1) >= 0 ? 'numeric' : 'decimal'}
          placeholder={placeholder ?? label}
          min={min}
          max={max}
          step={step ?? 'any'}
          readOnly={readonly}
          autofocus={autofocus}
          defaultValue={this.textOf(this.first)}
        />
      </Field>
    );
  }
}
