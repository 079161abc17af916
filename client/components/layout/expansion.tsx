import { Component, type ComponentChildren, createRef } from 'preact';
import { icon } from '../icon.tsx';
import type { ElementProps } from '../types.ts';

/** The browser's own `details`. The browser closes the others of a group, too, and each of them sends its value. */
export class Expansion extends Component<ElementProps<'expansion'>> {
  readonly #details = createRef<HTMLDetailsElement>();

  override componentDidMount(): void {
    // A person may have opened it before this code was there.
    this.#toggled();
  }

  #toggled = (): void => {
    const { node, replica } = this.props;
    const open = this.#details.current?.open === true;
    if (open !== node.props.value) replica.emit(node, 'value', open);
  };

  override render(): ComponentChildren {
    const { own, props, children } = this.props;
    const { text, caption, group, value } = props;
    return (
      <details
        {...own.whole('edgewise-expansion')}
        name={group}
        open={value}
        ref={this.#details}
        onToggle={this.#toggled}
      >
        <summary>
          {icon(props.icon)}
          <span class="grow">
            {text}
            {caption && <span class="edgewise-caption">{caption}</span>}
          </span>
          {icon('chevron-down')}
        </summary>
        <div class="edgewise-column">{children}</div>
      </details>
    );
  }
}
