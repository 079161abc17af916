import { Component, type ComponentChildren } from 'preact';
import { themeColor } from '../../dom/index.ts';
import type { ElementProps } from '../types.ts';

const arrows: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** A stick within a circle. No pattern of the WAI has two dimensions, so it names itself, and the arrow keys hold it. */
export class Joystick extends Component<ElementProps<'joystick'>> {
  readonly #keys = new Set<string>();

  override componentDidMount(): void {
    // A reload has taken it out of the person's hand.
    this.#point(0, 0);
  }

  #point(right: number, up: number): void {
    const { node, replica } = this.props;
    // Within the circle.
    const length = Math.max(1, Math.hypot(right, up));
    const [x, y] = [right, up].map((part) => Math.round((part / length) * 100) / 100) as [number, number];
    const [oldX, oldY] = node.props.value as [number, number];
    if (x === oldX && y === oldY) return;
    replica.move(node, 'value', [x, y]);
    if (x === 0 && y === 0) replica.flush();
  }

  #dragged = (event: PointerEvent): void => {
    const pad = event.currentTarget as HTMLElement;
    if (!pad.hasPointerCapture(event.pointerId)) return;
    const { left, top, width, height } = pad.getBoundingClientRect();
    this.#point(((event.clientX - left) / width) * 2 - 1, 1 - ((event.clientY - top) / height) * 2);
  };

  #pressed = (event: KeyboardEvent): void => {
    if (!arrows[event.key]) return;
    event.preventDefault();
    this.#keys.add(event.key);
    this.#pointByKeys();
  };

  #released = (event: KeyboardEvent): void => {
    if (this.#keys.delete(event.key)) this.#pointByKeys();
  };

  #pointByKeys(): void {
    const [x, y] = [0, 1].map((axis) => [...this.#keys].reduce((sum, key) => sum + (arrows[key]?.[axis] ?? 0), 0));
    this.#point(x ?? 0, y ?? 0);
  }

  #leave = (): void => {
    this.#keys.clear();
    this.#point(0, 0);
  };

  override render(): ComponentChildren {
    const { own, props } = this.props;
    const { label, size = 'md', color = 'primary' } = props;
    const [x, y] = props.value;
    const { style, ...outer } = own.whole(`edgewise-joystick edgewise-joystick-${size} text-${themeColor(color)}`);
    return (
      <div
        role="application"
        aria-roledescription="joystick"
        aria-label={label}
        tabIndex={0}
        {...outer}
        style={`--right:${x};--up:${y};${style ?? ''}`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          this.#dragged(event);
        }}
        onPointerMove={this.#dragged}
        onLostPointerCapture={this.#leave}
        onKeyDown={this.#pressed}
        onKeyUp={this.#released}
        onBlur={this.#leave}
      >
        <span aria-hidden="true" />
      </div>
    );
  }
}
