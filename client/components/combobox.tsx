import { Component, type ComponentChildren, createRef } from 'preact';
import { type Choice, type Option, toggled } from '../../src/protocol/index.ts';
import { isComposing, withListeners } from '../dom/index.ts';
import { Field, labelling } from './field.tsx';
import { Removable } from './removable.tsx';
import type { ElementProps } from './types.ts';

/** Options that the list shows at a time; typing narrows it. */
const mostOptions = 200;

interface State {
  readonly open: boolean;
  /** What was typed since the list was opened; undefined before. */
  readonly query: string | undefined;
  /** The index of the option that Enter takes, among those shown. */
  readonly active: number;
}

/** An option of the list; `added` is a typed text that is no option yet. */
type Shown = Option & { readonly added?: true };

const closed: State = { open: false, query: undefined, active: -1 };

/**
 * A select with a list of its own: for several options, to filter them by typing, to add texts, or to take the choice back. The focus
 * stays in the field; the arrow keys move within the list (APG: combobox with a listbox).
 */
export class Combobox extends Component<ElementProps<'select'>, State> {
  readonly #input = createRef<HTMLInputElement>();
  readonly #list = createRef<HTMLUListElement>();
  override state = closed;
  /** The text of the field at the first rendering. */
  readonly #first = this.#chosenText();

  override componentDidMount(): void {
    // Takes over what the person typed before this code took over the server's HTML.
    if (this.#input.current && this.#input.current.value !== this.#first) this.#typed();
  }

  override componentDidUpdate(): void {
    const [input, list] = [this.#input.current, this.#list.current];
    if (!input || !list) return;
    if (this.state.query === undefined) this.#show(this.#chosenText());
    if (list.matches(':popover-open') !== this.state.open) {
      // The field is the anchor by which the style sheet places the list.
      if (this.state.open) list.showPopover({ source: input.parentElement as HTMLElement });
      else list.hidePopover();
    }
    list.querySelector('[data-active]')?.scrollIntoView({ block: 'nearest' });
  }

  get #values(): readonly Choice[] {
    const { value, multiple } = this.props.props;
    if (multiple) return value as readonly Choice[];
    return value === null || value === undefined ? [] : [value as Choice];
  }

  #textOf(value: Choice): string {
    const option = this.props.props.options.find((one) => one.value === value);
    return option?.text ?? (this.props.props.additions ? String(value) : '');
  }

  get #shown(): Shown[] {
    const { options, additions } = this.props.props;
    const query = this.state.query?.trim() ?? '';
    const wanted = query.toLowerCase();
    const shown: Shown[] = wanted ? options.filter(({ text }) => text.toLowerCase().includes(wanted)) : [...options];
    const known = query === '' || [...options.map(({ text }) => text), ...this.#values].includes(query);
    if (additions && !known) shown.push({ value: query, text: query, added: true });
    return shown.slice(0, mostOptions);
  }

  #open(active: number, query = this.state.query): void {
    const { props, node } = this.props;
    if (!props.readonly && node.props.disabled !== true) this.setState({ open: true, query, active });
  }

  #close = (): void => this.setState(closed);

  #send(value: Choice | readonly Choice[]): void {
    const { node, replica } = this.props;
    replica.emit(node, 'value', value as Choice);
  }

  #choose(option: Shown): void {
    const { multiple } = this.props.props;
    if (multiple) {
      this.#send(toggled(this.#values, option.value));
      this.setState({ query: undefined });
    } else {
      this.#send(option.value);
      this.#close();
    }
    this.#show(multiple ? '' : option.text);
  }

  #clear = (): void => {
    this.#send(this.props.props.multiple ? [] : null);
    this.#close();
    this.#show('');
    this.#input.current?.focus();
  };

  /** The field shows the chosen text while nobody types; the DOM owns what is typed. */
  #show(text: string): void {
    const input = this.#input.current;
    if (input && input.value !== text) input.value = text;
  }

  #pressed = (event: KeyboardEvent): void => {
    const { open, active } = this.state;
    const { multiple } = this.props.props;
    const shown = this.#shown;
    const last = shown.length - 1;
    if (isComposing(event)) return;
    if (event.key === 'ArrowDown')
      this.#open(open ? Math.min(last, active + 1) : Math.max(0, this.#chosenIndex(shown)));
    else if (event.key === 'ArrowUp') this.#open(open ? Math.max(0, active - 1) : last);
    else if (event.key === 'Enter' && open) {
      const option = shown[active] ?? (this.state.query ? shown.find((one) => one.added) : undefined);
      if (option) this.#choose(option);
    } else if (event.key === 'Escape' && open) {
      this.#close();
      this.#show(this.#chosenText());
    } else if (event.key === 'Backspace' && multiple && this.#input.current?.value === '') {
      const values = this.#values;
      if (values.length > 0) this.#send(values.slice(0, -1));
      return;
    } else return;
    event.preventDefault();
  };

  #typed = (): void => {
    const query = this.#input.current?.value ?? '';
    this.#open(query.trim() ? 0 : -1, query);
  };

  #left = (): void => {
    this.#close();
    this.#show(this.#chosenText());
  };

  #chosenText(): string {
    const [value] = this.#values;
    return this.props.props.multiple || value === undefined ? '' : this.#textOf(value);
  }

  #chosenIndex(shown: readonly Shown[]): number {
    return shown.findIndex(({ value }) => this.#values.includes(value));
  }

  override render(): ComponentChildren {
    const { node, props, own } = this.props;
    const { label, placeholder, multiple, clearable, search, readonly, autofocus } = props;
    const { open, active } = this.state;
    const id = `e${node.id}`;
    const shown = open ? this.#shown : [];
    const values = this.#values;
    const disabled = readonly || node.props.disabled === true;
    const listeners = {
      onkeydown: this.#pressed,
      oninput: this.#typed,
      onblur: this.#left,
      onclick: () => (open && !search ? this.#close() : this.#open(this.#chosenIndex(this.#shown))),
    };
    return (
      <Field
        node={node}
        props={props}
        own={own}
        base="input"
        classes="edgewise-combobox"
        onClear={clearable ? this.#clear : undefined}
      >
        {multiple &&
          values.map((value) => (
            <Removable
              key={String(value)}
              text={this.#textOf(value)}
              disabled={disabled}
              onRemove={() => this.#send(toggled(values, value))}
            />
          ))}
        <input
          autocomplete="off"
          {...labelling(node, props)}
          {...withListeners(own.inner, listeners)}
          ref={this.#input}
          role="combobox"
          aria-expanded={open ? 'true' : 'false'}
          aria-controls={`${id}-l`}
          aria-autocomplete={search ? 'list' : 'none'}
          aria-activedescendant={open && shown[active] ? `${id}-o${active}` : undefined}
          readOnly={readonly || !search}
          autofocus={autofocus}
          placeholder={placeholder ?? label ?? ''}
          defaultValue={this.#first}
        />
        <span aria-hidden="true" class="edgewise-arrow">
          ▾
        </span>
        <ul
          ref={this.#list}
          popover="manual"
          id={`${id}-l`}
          role="listbox"
          aria-label={label ?? placeholder ?? 'Options'}
          aria-multiselectable={multiple ? 'true' : undefined}
          class="edgewise-popup"
          onMouseDown={(event) => event.preventDefault()}
        >
          {shown.map((option, index) => (
            <li
              key={String(option.value)}
              id={`${id}-o${index}`}
              role="option"
              aria-selected={values.includes(option.value) ? 'true' : 'false'}
              data-active={index === active ? '' : undefined}
              class="edgewise-option"
              onClick={() => this.#choose(option)}
            >
              {option.added ? `Add “${option.text}”` : option.text}
            </li>
          ))}
          {open && shown.length === 0 && (
            <li role="option" aria-selected="false" aria-disabled="true" class="edgewise-option opacity-60">
              Nothing found
            </li>
          )}
        </ul>
      </Field>
    );
  }
}
