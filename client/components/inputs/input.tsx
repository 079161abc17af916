import type { ComponentChildren } from 'preact';
import { ValueControl } from '../control.tsx';
import { Field, labelling } from '../field.tsx';
import { icon } from '../icon.tsx';
import { Suggestions } from '../suggestions.tsx';

interface State {
  /** True while the password is visible. */
  readonly visible?: boolean;
}

/** A line of text. It is sent after a pause, and at once on Enter, on blur, and before any other event. */
export class Input extends ValueControl<'input'> {
  declare state: State;

  override render(): ComponentChildren {
    const { node, props, own } = this.props;
    const { label, placeholder, type = 'text', maxlength, readonly, autofocus, toggle, suggestions } = props;
    const { visible = false } = this.state ?? {};
    const list = suggestions && `e${node.id}-s`;
    return (
      <Field node={node} props={props} own={own} base="input" onClear={() => this.enter('')}>
        <input
          autocomplete="off"
          {...labelling(node, props)}
          {...this.typing()}
          ref={this.control}
          type={visible ? 'text' : (type as 'text')}
          placeholder={placeholder ?? label}
          maxlength={maxlength}
          readOnly={readonly}
          autofocus={autofocus}
          list={list}
          defaultValue={this.first}
        />
        {list && <Suggestions id={list} texts={suggestions} />}
        {toggle && (
          <button
            type="button"
            class="edgewise-clear"
            aria-label="Show password"
            aria-pressed={visible ? 'true' : 'false'}
            onClick={() => this.setState({ visible: !visible })}
          >
            {icon(visible ? 'eye-off' : 'eye')}
          </button>
        )}
      </Field>
    );
  }
}
