import type { Json, Markup } from '../../protocol/index.ts';
import type { MaybeReactive } from '../../reactive/index.ts';
import { Element, type ElementOptions, own } from '../element.ts';
import { firstOf } from '../first.ts';
import { pageHost } from '../page-host.ts';
import { addressOf, isLive, type MediaSource } from '../source.ts';
import { parseMarkup } from '../text/markup.ts';

/** The events of `ui.interactiveImage`. */
export type ImageEventType = 'click' | 'dblclick' | 'mousedown' | 'mousemove' | 'mouseup' | 'mouseenter' | 'mouseleave';

/** Where a pointer was on a picture. */
export interface ImageMouseEvent {
  /** What has happened. */
  readonly type: ImageEventType;
  /** Distance from the left in pixels of the picture itself, however large it is shown. */
  readonly imageX: number;
  /** Distance from the top in pixels of the picture itself. */
  readonly imageY: number;
  /** Index of the button of the mouse. 0 is the main one. */
  readonly button: number;
  /** Which buttons are held, as the number of their bits together: the main one counts 1. */
  readonly buttons: number;
  /** True while the key is held. */
  readonly alt: boolean;
  /** True while the key is held. */
  readonly ctrl: boolean;
  /** True while the key is held. */
  readonly meta: boolean;
  /** True while the key is held. */
  readonly shift: boolean;
}

/** Options of `ui.interactiveImage`. */
export interface InteractiveImageOptions extends ElementOptions {
  /** A description of the picture for assistive technology. @default 'Picture' */
  readonly alt?: string;
  /** SVG that lies on the picture, in its pixels: a text, a signal of it, or a function that computes it. @default none */
  readonly content?: MaybeReactive<string>;
  /** Width and height of the picture in pixels. Without it, the content shows after the picture has loaded. @default its own */
  readonly size?: readonly [width: number, height: number];
  /** Called with each of `events`. Moves come at most 20 times a second. @default none */
  readonly onMouse?: (event: ImageMouseEvent) => unknown;
  /** The events that `onMouse` receives. @default ['click'] */
  readonly events?: readonly ImageEventType[];
  /** True shows a cross at the pointer; a colour of CSS sets that of its lines. @default false */
  readonly cross?: boolean | string;
}

/** A picture that knows where it was clicked, with SVG on it. */
export class InteractiveImage extends Element {
  constructor(src: MaybeReactive<MediaSource>, options: InteractiveImageOptions = {}) {
    const { alt = 'Picture', content = '', size, onMouse, events = ['click'], cross, key } = options;
    super(
      'interactiveImage',
      own<'interactiveImage'>({
        src: firstOf(src, '', addressOf),
        alt,
        content: firstOf(content, [], svgOf),
        ...(size && { size }),
        ...(onMouse && { events }),
        ...(cross && { cross: cross === true ? 'currentcolor' : cross }),
      }),
      key === undefined ? {} : { key },
    );
    if (isLive(src)) this.src = src;
    if (typeof content !== 'string') this.content = content;
    if (onMouse) this.listen('mouse', ({ value }) => onMouse(eventOf(value)), 'parallel', onMouse);
  }

  /** The address of the picture. Assign another source, a signal of one, or a function that computes it. */
  get src(): string {
    return this.get('src');
  }

  set src(src: MaybeReactive<MediaSource>) {
    this.bind('src', src, addressOf);
  }

  /**
   * The SVG on the picture. Shapes and texts stay; code, embedded pictures and links that run code go.
   *
   * @example
   * picture.content += `<circle cx="${x}" cy="${y}" r="8" fill="red"/>`;
   */
  get content(): string {
    return textOf(this.get<Json>('content') as unknown as readonly Markup[]);
  }

  set content(content: MaybeReactive<string>) {
    this.bind('content', content, svgOf);
  }

  /** Loads the picture again from the same address, for one that changes behind it. */
  forceReload(): void {
    this.bind('version', pageHost.require('interactiveImage.forceReload').now());
  }
}

/** SVG has elements that end themselves, which a parser of HTML knows only inside of `svg`. */
function svgOf(content: string): readonly Markup[] {
  const [svg] = parseMarkup(`<svg>${content}</svg>`, true);
  return typeof svg === 'object' ? (svg.slice(2) as unknown as Markup[]) : [];
}

/** Returns markup as SVG. */
function textOf(content: readonly Markup[]): string {
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  return content
    .map((part) => {
      if (typeof part === 'string') return escaped(part);
      const [tag, attributes, ...children] = part;
      const named = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(value)}"`);
      return `<${tag}${named.join('')}>${textOf(children)}</${tag}>`;
    })
    .join('');
}

function eventOf(value: Json | undefined): ImageMouseEvent {
  const [type, imageX, imageY, button, buttons, keys] = value as [
    ImageEventType,
    number,
    number,
    number,
    number,
    number,
  ];
  const held = (bit: number) => (keys & bit) !== 0;
  return { type, imageX, imageY, button, buttons, alt: held(1), ctrl: held(2), meta: held(4), shift: held(8) };
}

/**
 * Shows a picture that says where the pointer is on it, in the picture's own pixels, and that has SVG on it. With the keyboard, the
 * arrow keys move a cross, and Enter clicks there.
 *
 * @example
 * const marks = ui.state<string[]>([]);
 * ui.interactiveImage('/map.png', {
 *   alt: 'Map of the town',
 *   content: () => marks.value.join(''),
 *   onMouse: ({ imageX, imageY }) => {
 *     marks.value = [...marks.value, `<circle cx="${imageX}" cy="${imageY}" r="10" fill="red" opacity="0.6"/>`];
 *   },
 *   cross: true,
 * });
 *
 * @param src the source, a signal of it, or a function that computes it.
 */
export function interactiveImage(src: MaybeReactive<MediaSource>, options?: InteractiveImageOptions): InteractiveImage {
  return new InteractiveImage(src, options);
}
