import type { ComponentChildren } from 'preact';
import { TickBox } from '../tick-box.tsx';

export class Checkbox extends TickBox<'checkbox'> {
  override componentDidMount(): void {
    super.componentDidMount();
    this.#mix();
  }

  override componentDidUpdate(): void {
    super.componentDidUpdate();
    this.#mix();
  }

  /** Only code can show a box as neither ticked nor unticked. */
  #mix(): void {
    if (this.control.current) this.control.current.indeterminate = this.props.props.mixed === true;
  }

  override render(): ComponentChildren {
    return this.box('checkbox');
  }
}
