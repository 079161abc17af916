import type { ComponentChildren } from 'preact';
import type { Json } from '../../../src/protocol/index.ts';
import { withListeners } from '../../dom/index.ts';
import { Combobox } from '../combobox.tsx';
import { Control } from '../control.tsx';
import { Field, labelling } from '../field.tsx';
import type { ElementProps } from '../types.ts';

export function Select(props: ElementProps<'select'>): ComponentChildren {
  const { multiple, search, clearable } = props.props;
  return multiple || search || clearable ? <Combobox {...props} /> : <NativeSelect {...props} />;
}

/** A native select. An option of it has the text of the option's value. */
class NativeSelect extends Control<'select', HTMLSelectElement> {
  protected override textOf(value: Json): string {
    return String(value);
  }

  protected override valueOf(text: string): Json | undefined {
    return this.props.props.options.find(({ value }) => String(value) === text)?.value;
  }

  protected override read(select: HTMLSelectElement): string {
    return select.value;
  }

  /** A value that no option has shows as no choice. */
  protected override write(select: HTMLSelectElement, text: string): void {
    select.value = text;
  }

  protected override untouched(select: HTMLSelectElement): string {
    return [...select.options].find((option) => option.defaultSelected)?.value ?? '';
  }

  override render(): ComponentChildren {
    const { node, own, props } = this.props;
    const { options, value, readonly, autofocus } = props;
    const first = String(this.first);
    return (
      <Field node={node} props={props} own={own} base="select">
        <select
          autocomplete="off"
          {...labelling(node, props)}
          {...withListeners(own.inner, { onchange: this.commit })}
          {...(readonly && { disabled: true })}
          ref={this.control}
          autofocus={autofocus}
        >
          {/* Without it the browser would show, and pass for chosen, the first option. */}
          {!options.some((option) => option.value === value) && (
            <option key="~none" value={String(value)} selected={String(value) === first} hidden />
          )}
          {options.map((option) => (
            <option key={String(option.value)} value={String(option.value)} selected={String(option.value) === first}>
              {option.text}
            </option>
          ))}
        </select>
      </Field>
    );
  }
}
