import { Component, type ComponentChildren, createRef } from 'preact';
import { isComposing, withListeners } from '../../dom/index.ts';
import { Field, labelling } from '../field.tsx';
import { Removable } from '../removable.tsx';
import { Suggestions } from '../suggestions.tsx';
import type { ElementProps } from '../types.ts';
import { returnTo } from '../typing-place.ts';

/** Texts as badges, each with a button that removes it, and a field for the next one. */
export class InputChips extends Component<ElementProps<'inputChips'>> {
  readonly #input = createRef<HTMLInputElement>();

  override componentDidMount(): void {
    if (this.#input.current) returnTo(this.#input.current, true);
  }

  #send(value: readonly string[]): void {
    const { node, replica } = this.props;
    replica.emit(node, 'value', value);
  }

  #add(): boolean {
    const input = this.#input.current;
    const text = input?.value.trim();
    if (!input || !text) return false;
    const { value } = this.props.props;
    if (!value.includes(text)) this.#send([...value, text]);
    input.value = '';
    return true;
  }

  #pressed = (event: KeyboardEvent): void => {
    if (isComposing(event)) return;
    const { value } = this.props.props;
    if (event.key === 'Enter' || event.key === ',') {
      if (this.#add() || event.key === ',') event.preventDefault();
    } else if (event.key === 'Backspace' && this.#input.current?.value === '' && value.length > 0) {
      this.#send(value.slice(0, -1));
    }
  };

  override render(): ComponentChildren {
    const { node, props, own } = this.props;
    const { label, placeholder, value, suggestions, maxlength, readonly, autofocus } = props;
    const list = suggestions && `e${node.id}-s`;
    const disabled = readonly || node.props.disabled === true;
    return (
      <Field
        node={node}
        props={props}
        own={own}
        base="input"
        classes="edgewise-combobox"
        onClear={() => this.#send([])}
      >
        {value.map((text) => (
          <Removable
            key={text}
            text={text}
            disabled={disabled}
            onRemove={() => this.#send(value.filter((one) => one !== text))}
          />
        ))}
        <input
          autocomplete="off"
          {...labelling(node, props)}
          {...withListeners(own.inner, { onkeydown: this.#pressed, onchange: () => this.#add() })}
          ref={this.#input}
          placeholder={placeholder ?? label ?? ''}
          maxlength={maxlength}
          readOnly={readonly}
          autofocus={autofocus}
          list={list}
        />
        {list && <Suggestions id={list} texts={suggestions} />}
      </Field>
    );
  }
}
