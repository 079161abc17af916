import { Component } from 'preact';
import { isComposing } from '../../dom/index.ts';
import type { ElementProps } from '../types.ts';

/** Listens to the keys of the whole document. */
export class Keyboard extends Component<ElementProps<'keyboard'>> {
  override componentDidMount(): void {
    document.addEventListener('keydown', this.#pressed);
    document.addEventListener('keyup', this.#pressed);
  }

  override componentWillUnmount(): void {
    document.removeEventListener('keydown', this.#pressed);
    document.removeEventListener('keyup', this.#pressed);
  }

  #pressed = (event: KeyboardEvent): void => {
    const { node, props, replica } = this.props;
    const { repeating, ignore = ['input', 'select', 'button', 'textarea'], keys, keyup } = props;
    const up = event.type === 'keyup';
    if ((up && !keyup) || (event.repeat && repeating === false) || isComposing(event)) return;
    if (keys && !keys.includes(event.key)) return;
    const target = event.target instanceof HTMLElement ? event.target : undefined;
    if (target?.isContentEditable || (ignore as string[]).includes(target?.localName ?? '')) return;
    if (keys) event.preventDefault();
    const held = `${event.altKey ? 'a' : ''}${event.ctrlKey ? 'c' : ''}${event.metaKey ? 'm' : ''}${event.shiftKey ? 's' : ''}`;
    replica.emit(node, 'key', {
      key: event.key,
      code: event.code,
      ...(up && { up }),
      ...(event.repeat && { repeat: true }),
      ...(held && { held }),
    });
  };

  override render(): null {
    return null;
  }
}
