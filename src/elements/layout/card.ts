import { Element, type ElementOptions, own } from '../element.ts';

/** Options of `ui.card`. */
export interface CardOptions extends ElementOptions {
  /** True leaves no room between the frame and the elements, and none between the elements. @default false */
  readonly tight?: boolean;
}

/** A framed box. */
export class Card extends Element {
  constructor(build?: () => void, { tight, ...options }: CardOptions = {}) {
    super('card', own<'card'>({ ...(tight && { tight }) }), options);
    if (build) this.add(build);
  }
}

/**
 * Shows a framed box with the elements of `build` below each other.
 *
 * @example
 * ui.card(() => {
 *   ui.label('Total').classes('opacity-70');
 *   ui.label(() => total.value);
 * });
 *
 * @param build makes the elements inside. In a page function it may be async; the page is shown after it has finished.
 */
export function card(build?: () => void, options?: CardOptions): Card {
  return new Card(build, options);
}
