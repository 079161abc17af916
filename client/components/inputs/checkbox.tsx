import { Component, type ComponentChildren, createRef } from 'preact';
import type { ElementProps } from '../types.ts';

export class Checkbox extends Component<ElementProps<'checkbox'>> {
  readonly #input = createRef<HTMLInputElement>();
  readonly #first = this.props.props.value;

  override componentDidMount(): void {
    const input = this.#input.current;
    if (!input || input.checked === this.props.props.value) return;
    // Sends a change that the user made before this code took over the server's HTML.
    if (input.checked !== input.defaultChecked) this.#edit();
    else this.componentDidUpdate();
  }

  override componentDidUpdate(): void {
    const input = this.#input.current;
    if (input) input.checked = this.props.props.value;
  }

  #edit = (): void => {
    const { node, replica } = this.props;
    if (this.#input.current) replica.emit(node, 'value', this.#input.current.checked);
  };

  override render(): ComponentChildren {
    const { node, own, props } = this.props;
    const { onchange, ...inner } = own.inner as Record<string, (event: Event) => void>;
    const id = `e${node.id}`;
    return (
      <label for={id} {...own.outer('edgewise-check')}>
        <input
          autocomplete="off"
          {...inner}
          id={id}
          ref={this.#input}
          type="checkbox"
          class="checkbox"
          defaultChecked={this.#first}
          onChange={(event) => {
            this.#edit();
            onchange?.(event);
          }}
        />
        <span>{props.text || null}</span>
      </label>
    );
  }
}
