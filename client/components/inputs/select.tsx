import { Component, type ComponentChildren, createRef } from 'preact';
import type { ElementProps } from '../types.ts';

export class Select extends Component<ElementProps<'select'>> {
  readonly #select = createRef<HTMLSelectElement>();
  readonly #first = this.props.props.value;

  override componentDidMount(): void {
    const { current } = this.#select;
    if (!current || current.value === this.props.props.value) return;
    // Sends a choice that the user made before this code took over the server's HTML.
    const chosen = current.selectedOptions[0];
    if (chosen && !chosen.defaultSelected && this.props.props.value === this.#first) this.#edit();
    this.componentDidUpdate();
  }

  override componentDidUpdate(): void {
    const { current } = this.#select;
    // A value that no option has shows as no choice.
    if (current && current.value !== this.props.props.value) current.value = this.props.props.value;
  }

  #edit = (): void => {
    const { node, replica } = this.props;
    if (this.#select.current) replica.emit(node, 'value', this.#select.current.value);
  };

  override render(): ComponentChildren {
    const { node, own, props } = this.props;
    const { onchange, ...inner } = own.inner as Record<string, (event: Event) => void>;
    const id = `e${node.id}`;
    const select = (outer: object) => (
      <select
        autocomplete="off"
        {...inner}
        {...outer}
        id={id}
        ref={this.#select}
        onChange={(event) => {
          this.#edit();
          onchange?.(event);
        }}
      >
        {/* Without it the browser would show, and pass for chosen, the first option. */}
        {!props.options.some((option) => option.value === props.value) && (
          <option key="~none" value={props.value} selected={props.value === this.#first} hidden />
        )}
        {props.options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === this.#first}>
            {option.text}
          </option>
        ))}
      </select>
    );
    if (!props.label) return select(own.outer('select'));
    return (
      <label for={id} {...own.outer('select edgewise-select')}>
        <span class="label">{props.label}</span>
        {select({})}
      </label>
    );
  }
}
