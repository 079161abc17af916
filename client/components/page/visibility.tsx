import { Component } from 'preact';
import type { ElementProps } from '../types.ts';

/** Says whether the visitor sees the page: at first, and when its tab goes behind others or comes back. */
export class Visibility extends Component<ElementProps<'visibility'>> {
  override componentDidMount(): void {
    document.addEventListener('visibilitychange', this.#say);
    this.#say();
  }

  override componentWillUnmount(): void {
    document.removeEventListener('visibilitychange', this.#say);
  }

  #say = (): void => {
    const { node, replica } = this.props;
    const seen = document.visibilityState === 'visible';
    if (node.props.value !== seen) replica.emit(node, 'value', seen);
  };

  override render(): null {
    return null;
  }
}
