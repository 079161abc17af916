import { Component, type ComponentChildren, createRef } from 'preact';
import type { ElementProps } from '../types.ts';

/**
 * A line of text. The DOM owns the typed text: the component never renders it, and sets it only when the session's value differs,
 * without moving the caret. Typed text is sent after a pause, and at once on Enter, on blur, and before any other event.
 */
export class Input extends Component<ElementProps<'input'>> {
  readonly #input = createRef<HTMLInputElement>();
  /** The value at the first rendering. Later values are set on the live input. */
  readonly #first = this.props.props.value;

  override componentDidMount(): void {
    const input = this.#input.current;
    if (!input || input.value === this.props.props.value) return;
    // Sends text that the user typed before this code took over the server's HTML.
    if (input.value !== untouched(input)) this.#edit();
    else this.componentDidUpdate();
  }

  override componentDidUpdate(): void {
    const input = this.#input.current;
    const { value } = this.props.props;
    if (!input || input.value === value) return;
    const focused = document.activeElement === input;
    const { selectionStart: start, selectionEnd: end, value: before } = input;
    input.value = value;
    if (!focused || start === null || end === null) return;
    // The caret stays at the same distance from the nearer unchanged side, so text inserted before it moves it.
    const shift = before.slice(start) !== '' && value.endsWith(before.slice(start)) ? value.length - before.length : 0;
    input.setSelectionRange(start + shift, end + shift);
  }

  #edit(held = false, pause?: number): void {
    const { node, props, replica } = this.props;
    const spec = props.on?.value;
    const asked = spec === undefined || spec === 1 ? undefined : (spec.debounce ?? spec.throttle);
    const input = this.#input.current;
    if (input) replica.edit(node, 'value', input.value, pause ?? asked, held);
  }

  override render(): ComponentChildren {
    const { node, props, own, replica } = this.props;
    const { label, placeholder, type = 'text', maxlength, readonly } = props;
    const { onkeydown, onblur, onchange, oninput, ...inner } = own.inner as Record<string, (event: Event) => void>;
    const id = `e${node.id}`;
    const input = (outer: object) => (
      <input
        autocomplete="off"
        aria-label={label ? undefined : placeholder}
        {...inner}
        {...outer}
        id={id}
        ref={this.#input}
        type={type as 'text'}
        placeholder={placeholder ?? label}
        maxlength={maxlength}
        readOnly={readonly}
        defaultValue={this.#first}
        onInput={(event) => {
          this.#edit(event.isComposing);
          oninput?.(event);
        }}
        onCompositionStart={() => this.#edit(true)}
        onCompositionEnd={() => this.#edit()}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.isComposing) replica.flush();
          onkeydown?.(event);
        }}
        onChange={(event) => {
          replica.flush();
          onchange?.(event);
        }}
        onBlur={(event) => {
          replica.flush();
          onblur?.(event);
        }}
      />
    );
    if (!label) return input(own.outer('input'));
    return (
      <label for={id} {...own.outer('edgewise-field floating-label')}>
        {input({ class: 'input' })}
        <span>{label}</span>
      </label>
    );
  }
}

/** Returns the default value as the field shows it: without line breaks, and an address without spaces around it. */
function untouched({ type, defaultValue }: HTMLInputElement): string {
  const field = document.createElement('input');
  field.type = type;
  field.value = defaultValue;
  return field.value;
}
