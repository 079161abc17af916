import { Element, type ElementOptions, own } from '../element.ts';

/** Options of `ui.skeleton`. */
export interface SkeletonOptions extends ElementOptions {
  /** The shape: a line of text, a box, or a circle. @default 'rect' */
  readonly type?: 'text' | 'rect' | 'circle';
  /** Width as a CSS length, such as `'12rem'`. @default all there is; 3rem for a circle */
  readonly width?: string;
  /** Height as a CSS length. @default a line; 4rem for a box; the width for a circle */
  readonly height?: string;
  /** False shows no moving gleam. @default true */
  readonly animated?: boolean;
}

/** A shape in the place of what is not there yet. */
export class Skeleton extends Element {
  /** @internal */
  constructor(options: SkeletonOptions = {}) {
    const { type = 'rect', width, height, animated } = options;
    const props = own<'skeleton'>({
      type,
      ...(width && { width }),
      ...(height && { height }),
      ...(animated === false && { still: true }),
    });
    super('skeleton', props, options);
  }
}

/**
 * Shows a grey shape in the place of what is not there yet, so that nothing moves when it comes. Assistive technology does not hear
 * of it: say that something loads by `ui.spinner` or a text.
 *
 * @example
 * ui.show(() => report.value === undefined, () => ui.skeleton({ height: '12rem' }));
 */
export function skeleton(options?: SkeletonOptions): Skeleton {
  return new Skeleton(options);
}
