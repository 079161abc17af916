import { Component, type ComponentChild, type ComponentChildren, createRef } from 'preact';
import type { ElementProps } from '../types.ts';

/** Pixels from the end that still count as the end, because zoomed pages have fractions. */
const nearEnd = 8;

/** Lines that scroll to their end, until the person scrolls up to read. */
export class Log extends Component<ElementProps<'log'>> {
  readonly #box = createRef<HTMLDivElement>();
  #follows = true;
  /** Rendered lines by their number since the first line ever, so that a line renders once. */
  #rendered = new Map<number, { line: string; shown: ComponentChild }>();

  override componentDidMount(): void {
    this.componentDidUpdate();
  }

  override componentDidUpdate(): void {
    const box = this.#box.current;
    if (box && this.#follows) box.scrollTop = box.scrollHeight;
  }

  #scrolled = (): void => {
    const box = this.#box.current;
    if (box) this.#follows = box.scrollHeight - box.scrollTop - box.clientHeight <= nearEnd;
  };

  #lines(): ComponentChild[] {
    const { lines, total } = this.props.props;
    const earlier = total - lines.length;
    const next = new Map<number, { line: string; shown: ComponentChild }>();
    lines.forEach((line, index) => {
      const number = earlier + index;
      const old = this.#rendered.get(number);
      next.set(number, old?.line === line ? old : { line, shown: <div key={number}>{line || null}</div> });
    });
    this.#rendered = next;
    return [...next.values()].map(({ shown }) => shown);
  }

  override render(): ComponentChildren {
    const { own, props } = this.props;
    const earlier = props.total - props.lines.length;
    return (
      <div
        role="log"
        aria-label="Log"
        tabIndex={0}
        {...own.whole('edgewise-log')}
        ref={this.#box}
        onScroll={this.#scrolled}
      >
        {earlier > 0 && (
          <div key="earlier" class="edgewise-log-gap">{`… ${earlier} earlier ${earlier === 1 ? 'line' : 'lines'}`}</div>
        )}
        {this.#lines()}
      </div>
    );
  }
}
