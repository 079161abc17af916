import type { ComponentChildren } from 'preact';
import { ValueControl } from '../control.tsx';
import { Field, labelling } from '../field.tsx';

/** Lines of text. The browser lets it grow with the text (`field-sizing`). */
export class Textarea extends ValueControl<'textarea', HTMLTextAreaElement> {
  /** A text area has line feeds only, whatever the value has. */
  protected override textOf(value: string): string {
    return value.replace(/\r\n?/g, '\n');
  }

  override render(): ComponentChildren {
    const { node, props, own } = this.props;
    const { label, placeholder, rows = 3, maxlength, readonly, autofocus } = props;
    return (
      <Field
        node={node}
        props={props}
        own={own}
        base="textarea"
        classes="edgewise-lines"
        onClear={() => this.enter('')}
      >
        <textarea
          autocomplete="off"
          {...labelling(node, props)}
          {...this.typing()}
          ref={this.control}
          placeholder={placeholder ?? label}
          rows={rows}
          maxlength={maxlength}
          readOnly={readonly}
          autofocus={autofocus}
          defaultValue={this.first}
        />
      </Field>
    );
  }
}
