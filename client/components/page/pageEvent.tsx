import { Component } from 'preact';
import type { Json } from '../../../src/protocol/index.ts';
import type { ElementProps } from '../types.ts';

/** Listens to custom events anywhere in the document, because only an author's script sends such. */
export class PageEvent extends Component<ElementProps<'pageEvent'>> {
  override componentDidMount(): void {
    document.addEventListener(this.props.props.name, this.#heard);
  }

  override componentWillUnmount(): void {
    document.removeEventListener(this.props.props.name, this.#heard);
  }

  #heard = (event: Event): void => {
    if (!(event instanceof CustomEvent)) return;
    this.props.replica.emit(this.props.node, 'event', plain(event.detail));
  };

  override render(): null {
    return null;
  }
}

/** Returns what of a value is plain data. */
function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value ?? null) ?? 'null') as Json;
}
