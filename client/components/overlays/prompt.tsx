import { Component, type ComponentChildren, createRef } from 'preact';
import type { ElementProps } from '../types.ts';
import { returnTo } from '../typing-place.ts';
import { Question } from './question.tsx';

/** A question with a field. The session stores its text while the person types, as for an input. */
export class Prompt extends Component<ElementProps<'prompt'>> {
  readonly #input = createRef<HTMLInputElement>();
  readonly #first = this.props.props.value;

  override componentDidMount(): void {
    if (this.#input.current) returnTo(this.#input.current);
  }

  #answer = (ok: boolean): void => {
    const { node, replica } = this.props;
    replica.emit(node, 'answer', ok ? (this.#input.current?.value ?? '') : null);
  };

  #edit = (): void => {
    const { node, replica } = this.props;
    if (this.#input.current) replica.edit(node, 'value', this.#input.current.value, undefined, false);
  };

  override render(): ComponentChildren {
    const { node, props, own } = this.props;
    const { text, ok, cancel, placeholder, maxlength } = props;
    return (
      <Question own={own} text={text} ok={ok} cancel={cancel} onAnswer={this.#answer}>
        <input
          autocomplete="off"
          autofocus
          aria-label={text}
          class="input w-full"
          id={`e${node.id}`}
          ref={this.#input}
          placeholder={placeholder}
          maxlength={maxlength}
          defaultValue={this.#first}
          onInput={this.#edit}
        />
      </Question>
    );
  }
}
