import { Component, createRef } from 'preact';
import { type Json, type Kind, type PropsOf, same } from '../../src/protocol/index.ts';
import { type Attributes, type EventListeners, isComposing, withListeners } from '../dom/index.ts';
import type { ElementProps } from './types.ts';
import { returnTo } from './typing-place.ts';

/** The kinds whose `value` a person changes by one of the browser's own controls. */
export type ControlKind = { [K in Kind]: 'value' extends keyof PropsOf<K> ? K : never }[Kind];

/**
 * The behaviour of the browser's own controls. The DOM owns what a person changes: the component never renders it, and sets it only
 * when the session's value differs from the one that the control was given or has sent. So nothing that the browser makes of a value
 * (line breaks, spaces, an option that does not exist) is taken for a change by the person.
 *
 * A subclass says how a value looks in the control, as a text, and reads it from there.
 */
export abstract class Control<K extends ControlKind, E extends HTMLElement = HTMLInputElement> extends Component<
  ElementProps<K>
> {
  readonly control = createRef<E>();
  /** The value at the first rendering. Later values are set on the live control. */
  protected readonly first = this.value;
  /** The text of the value that the control was given last, or has sent. */
  #shown = '';
  #held = false;

  /** The present value of the element. */
  protected get value(): PropsOf<K>['value' & keyof PropsOf<K>] {
    return this.props.props['value' as 'value' & keyof PropsOf<K>];
  }

  /** Returns the text by which the control shows a value. */
  protected abstract textOf(value: Json): string;

  /** Returns the value of a text; undefined while the text is no value, such as a lone minus sign. */
  protected abstract valueOf(text: string): Json | undefined;

  /** Returns the text that the control shows. */
  protected abstract read(control: E): string;

  /** Makes the control show a text. */
  protected abstract write(control: E, text: string): void;

  /** Returns the text that the control showed before anybody used it. */
  protected abstract untouched(control: E): string;

  override componentDidMount(): void {
    const control = this.control.current;
    if (!control) return;
    this.#shown = this.textOf(this.first as Json);
    const text = this.read(control);
    // Sends what the person did before this code took over the server's HTML.
    if (text !== this.untouched(control) && text !== this.textOf(this.value as Json) && same(this.value, this.first)) {
      this.edit();
      if (document.activeElement !== control) this.settle();
    } else this.componentDidUpdate();
  }

  override componentDidUpdate(): void {
    const control = this.control.current;
    const text = this.textOf(this.value as Json);
    if (!control || text === this.#shown) return;
    this.#shown = text;
    if (this.read(control) !== text) this.write(control, text);
  }

  /** Takes over what the control shows. It is sent after a pause, or with the next event. */
  protected edit(held = false, pause?: number): void {
    const { node, props, replica } = this.props;
    const control = this.control.current;
    const value = control && this.valueOf(this.read(control));
    if (value === undefined) return;
    const unheld = this.#held && !held;
    this.#held = held;
    this.#shown = this.textOf(value);
    if (same(value, this.value) && !held && !unheld) return;
    const spec = props.on?.value;
    const asked = spec === undefined || spec === 1 ? undefined : (spec.debounce ?? spec.throttle);
    replica.edit(node, 'value', value, pause ?? asked, held);
  }

  /** Takes over what the control shows and sends it now. */
  protected commit = (): void => {
    this.edit(false);
    this.props.replica.flush();
  };

  /** Takes over what a moving control shows. It is sent at once, but not more often than 20 times a second. */
  protected move = (): void => {
    const { node, replica } = this.props;
    const control = this.control.current;
    const value = control && this.valueOf(this.read(control));
    if (value === undefined) return;
    this.#shown = this.textOf(value);
    replica.move(node, 'value', value);
  };

  /** Makes the control show a value, as if the person had entered it. */
  protected enter(value: Json): void {
    const control = this.control.current;
    if (!control) return;
    this.write(control, this.textOf(value));
    this.commit();
    control.focus();
  }

  /** Returns the element's attributes with the listeners of a control in which a person types. */
  protected typing(more: EventListeners = {}): Attributes {
    const flush = () => this.props.replica.flush();
    return withListeners(this.props.own.inner, {
      ...more,
      oninput: (event: InputEvent) => this.edit(event.isComposing),
      oncompositionstart: () => this.edit(true),
      oncompositionend: () => this.edit(),
      onkeydown: (event: KeyboardEvent) => {
        if (event.key === 'Enter' && !isComposing(event)) flush();
      },
      onchange: () => {
        this.settle();
        flush();
      },
      onblur: flush,
    });
  }

  /** Called when the person has left the control after a change. */
  protected settle(): void {}
}

/** A control whose state is its `value` in the DOM: a field, a text area, a slider. */
export abstract class ValueControl<
  K extends ControlKind,
  E extends HTMLInputElement | HTMLTextAreaElement = HTMLInputElement,
> extends Control<K, E> {
  override componentDidMount(): void {
    super.componentDidMount();
    if (this.control.current) returnTo(this.control.current);
  }

  protected override textOf(value: Json): string {
    return value === null ? '' : String(value);
  }

  protected override valueOf(text: string): Json | undefined {
    return text;
  }

  protected override read(control: E): string {
    return control.value;
  }

  /** Sets the value without moving the caret within the text. */
  protected override write(control: E, text: string): void {
    const { value: before, selectionStart: start, selectionEnd: end } = control;
    const focused = document.activeElement === control;
    control.value = text;
    if (focused && start !== null && end !== null) {
      control.setSelectionRange(caretIn(text, before, start), caretIn(text, before, end));
    }
  }

  /** Returns the first value as the browser shows it: without line breaks, or within the bounds of a slider. */
  protected override untouched(control: E): string {
    if (!(control instanceof HTMLInputElement)) return control.defaultValue.replace(/\r\n?/g, '\n');
    const { type, min, max, step, defaultValue } = control;
    const other = Object.assign(document.createElement('input'), { type, min, max, step });
    other.value = defaultValue;
    return other.value;
  }
}

/**
 * Returns where a caret belongs after the text around it has changed: at the end when it was there, else before the same rest of
 * the text, else after as many letters and digits as before.
 */
export function caretIn(text: string, before: string, caret: number): number {
  const rest = before.slice(caret);
  if (text.endsWith(rest)) return text.length - rest.length;
  let signs = before.slice(0, caret).replace(/[^\p{L}\p{N}]/gu, '').length;
  if (signs === 0) return Math.min(caret, text.length);
  let at = 0;
  while (at < text.length && signs > 0) if (/[\p{L}\p{N}]/u.test(text.charAt(at++))) signs--;
  return at;
}
