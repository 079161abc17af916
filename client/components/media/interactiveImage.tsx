import { Component, type ComponentChildren, createRef } from 'preact';
import { type EventListeners, withListeners } from '../../dom/index.ts';
import { markup } from '../markup.tsx';
import { loadAgain, sourceOf } from '../source.ts';
import type { ElementProps } from '../types.ts';

type Point = readonly [x: number, y: number];

/** Milliseconds between two events of a pointer that moves. */
const pause = 50;

/** The events of pointers, which mice, pens and fingers have, by their names for authors. */
const pointer: { readonly [name: string]: string } = {
  mousedown: 'pointerdown',
  mousemove: 'pointermove',
  mouseup: 'pointerup',
  mouseenter: 'pointerenter',
  mouseleave: 'pointerleave',
};

interface State {
  /** Width and height of the picture in its own pixels. */
  readonly size?: Point;
  /** Where the pointer is, or where the arrow keys have moved the cross. */
  readonly at?: Point | undefined;
}

/** A picture with an SVG of the same size on it. */
export class InteractiveImage extends Component<ElementProps<'interactiveImage'>, State> {
  override state: State = {};
  readonly #image = createRef<HTMLImageElement>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What the next report of a moving pointer says. */
  #next: (() => void) | undefined;

  override componentDidMount(): void {
    this.#loaded();
  }

  override componentWillUnmount(): void {
    clearTimeout(this.#timer);
  }

  #loaded = (): void => {
    const image = this.#image.current;
    if (image?.naturalWidth) this.setState({ size: [image.naturalWidth, image.naturalHeight] });
  };

  get #size(): Point | undefined {
    return this.props.props.size ?? this.state.size;
  }

  #pointOf({ clientX, clientY }: MouseEvent): Point | undefined {
    const box = this.#image.current?.getBoundingClientRect();
    const size = this.#size;
    if (!box?.width || !box.height || !size) return undefined;
    const along = (at: number, length: number, pixels: number) =>
      Math.round(Math.min(1, Math.max(0, at / length)) * pixels * 100) / 100;
    return [along(clientX - box.left, box.width, size[0]), along(clientY - box.top, box.height, size[1])];
  }

  #send(type: string, [x, y]: Point, event: MouseEvent | KeyboardEvent): void {
    const { node, replica } = this.props;
    const { altKey, ctrlKey, metaKey, shiftKey } = event;
    const keys = Number(altKey) + 2 * Number(ctrlKey) + 4 * Number(metaKey) + 8 * Number(shiftKey);
    const { button = 0, buttons = 0 } = event as Partial<MouseEvent>;
    const send = () => replica.emit(node, 'mouse', [type, x, y, Math.max(0, button), buttons, keys]);
    if (type !== 'mousemove') {
      // A move before a click must not come after it.
      this.#flush();
      send();
    } else if (this.#timer === undefined) {
      send();
      this.#timer = setTimeout(this.#flush, pause);
    } else this.#next = send;
  }

  #flush = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const next = this.#next;
    this.#next = undefined;
    next?.();
    if (next) this.#timer = setTimeout(this.#flush, pause);
  };

  #pressed = (event: KeyboardEvent): void => {
    const size = this.#size;
    const { events } = this.props.props;
    if (!size || !events) return;
    const [x, y] = this.state.at ?? [size[0] / 2, size[1] / 2];
    const step = (Math.max(...size) / 100) * (event.shiftKey ? 10 : 1);
    const moves: { readonly [key: string]: Point } = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    };
    const move = Object.hasOwn(moves, event.key) ? moves[event.key] : undefined;
    if (move) this.setState({ at: [within(x + move[0], size[0]), within(y + move[1], size[1])] });
    else if (event.key === 'Enter' && events.includes('click')) this.#send('click', [x, y], event);
    else return;
    event.preventDefault();
  };

  get #listeners(): EventListeners {
    const { events = [], cross } = this.props.props;
    const listeners: Record<string, (event: never) => void> = {};
    for (const type of events) {
      listeners[`on${pointer[type] ?? type}`] = (event: MouseEvent) => {
        const point = this.#pointOf(event);
        if (point) this.#send(type, point, event);
      };
    }
    const moved = listeners.onpointermove as ((event: MouseEvent) => void) | undefined;
    if (cross) {
      listeners.onpointermove = (event: MouseEvent) => {
        this.setState({ at: this.#pointOf(event) });
        moved?.(event);
      };
    }
    if (events.length > 0) listeners.onkeydown = this.#pressed as (event: never) => void;
    return listeners as EventListeners;
  }

  override render(): ComponentChildren {
    const { own, props } = this.props;
    const { src, alt, version, content, events, cross } = props;
    const size = this.#size;
    const { at } = this.state;
    const keys = events?.includes('click') ? { tabIndex: 0, role: 'application' as const } : { role: 'group' as const };
    const drawn = events?.includes('mousemove') ? 'edgewise-picture edgewise-picture-drawn' : 'edgewise-picture';
    return (
      <div {...keys} aria-label={alt} {...withListeners(own.whole(drawn), this.#listeners)}>
        <img
          ref={this.#image}
          src={sourceOf(src, version)}
          alt=""
          width={props.size?.[0]}
          height={props.size?.[1]}
          draggable={false}
          onLoad={this.#loaded}
          onError={loadAgain}
        />
        {size && (
          <svg viewBox={`0 0 ${size[0]} ${size[1]}`} preserveAspectRatio="none" aria-hidden="true">
            {markup(content)}
            {at && (cross || events) && (
              <g class="edgewise-cross" stroke={cross ?? 'currentcolor'}>
                <line x1={at[0]} x2={at[0]} y1={0} y2={size[1]} />
                <line y1={at[1]} y2={at[1]} x1={0} x2={size[0]} />
              </g>
            )}
          </svg>
        )}
      </div>
    );
  }
}

function within(at: number, most: number): number {
  return Math.round(Math.min(most, Math.max(0, at)) * 100) / 100;
}
