import type { ComponentChildren } from 'preact';
import type { Json } from '../../../src/protocol/index.ts';
import { ValueControl } from '../control.tsx';
import { Field, labelling } from '../field.tsx';

/** A colour as a text, with a button in that colour. A text that is no colour is not sent. */
export class ColorInput extends ValueControl<'colorInput'> {
  protected override valueOf(text: string): Json | undefined {
    const [, short = ''] = /^#([\da-f]{3})$/i.exec(text) ?? [];
    if (short) return `#${[...short].map((digit) => digit + digit).join('')}`;
    return text === '' || /^#[\da-f]{6}$/i.test(text) ? text : undefined;
  }

  /** Shows the last colour again in place of a text that is none. */
  protected override settle(): void {
    const control = this.control.current;
    if (!control) return;
    const value = this.valueOf(control.value) ?? (this.value as string);
    this.write(control, String(value));
    this.edit();
  }

  #pick = (event: Event): void => {
    const control = this.control.current;
    if (!control) return;
    this.write(control, (event.currentTarget as HTMLInputElement).value);
    this.move();
  };

  override render(): ComponentChildren {
    const { node, props, own } = this.props;
    const { label, placeholder, value, readonly, autofocus } = props;
    return (
      <Field node={node} props={props} own={own} base="input" onClear={() => this.enter('')}>
        <input
          autocomplete="off"
          {...labelling(node, props)}
          {...this.typing()}
          ref={this.control}
          placeholder={placeholder ?? label ?? '#rrggbb'}
          maxlength={7}
          readOnly={readonly}
          autofocus={autofocus}
          defaultValue={this.first}
        />
        <input
          autocomplete="off"
          type="color"
          class="edgewise-swatch"
          aria-label={label ? `Pick ${label}` : 'Pick a colour'}
          disabled={readonly || node.props.disabled === true}
          value={value || '#000000'}
          onInput={this.#pick}
          onChange={this.commit}
        />
      </Field>
    );
  }
}
