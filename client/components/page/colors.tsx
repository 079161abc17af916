import { Component } from 'preact';
import { themeVariables } from '../../../src/protocol/index.ts';
import type { ElementProps } from '../types.ts';

/** Sets the replaced colours on the document. The server's HTML has the first ones already. */
export class Colors extends Component<ElementProps<'colors'>> {
  override componentDidMount(): void {
    this.componentDidUpdate({} as never);
  }

  override componentDidUpdate({ props: before }: ElementProps<'colors'>): void {
    this.#clear(before?.colors);
    for (const [name, value] of themeVariables(this.props.props.colors)) style().setProperty(name, value);
  }

  override componentWillUnmount(): void {
    this.#clear(this.props.props.colors);
  }

  #clear(colors = {}): void {
    for (const [name] of themeVariables(colors)) style().removeProperty(name);
  }

  override render(): null {
    return null;
  }
}

const style = () => document.documentElement.style;
