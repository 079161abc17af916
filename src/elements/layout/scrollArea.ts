import type { Json } from '../../protocol/index.ts';
import { Element, type ElementOptions, own } from '../element.ts';

/** Where a scroll area is scrolled to, in pixels. */
export interface ScrollPosition {
  /** Distance of the visible part from the top, in pixels. */
  readonly verticalPosition: number;
  /** Share of the way from the top to the bottom, from 0 to 1. */
  readonly verticalPercentage: number;
  /** Height of all content, in pixels. */
  readonly verticalSize: number;
  /** Height of the visible part, in pixels. */
  readonly verticalContainerSize: number;
  /** Distance of the visible part from the left, in pixels. */
  readonly horizontalPosition: number;
  /** Share of the way from the left to the right, from 0 to 1. */
  readonly horizontalPercentage: number;
  /** Width of all content, in pixels. */
  readonly horizontalSize: number;
  /** Width of the visible part, in pixels. */
  readonly horizontalContainerSize: number;
}

/** Options of `ui.scrollArea`. */
export interface ScrollAreaOptions extends ElementOptions {
  /** Names the area for assistive technology. @default none */
  readonly label?: string;
  /** Called after the user has scrolled, at most every 100 milliseconds. @default none */
  readonly onScroll?: (position: ScrollPosition) => unknown;
}

/** Options of `scrollArea.scrollTo`. One of `pixels` and `percent` is needed. */
export interface ScrollToOptions {
  /** Distance from the top, or from the left, in pixels. @default none */
  readonly pixels?: number;
  /** Share of the whole way, from 0 to 1. @default none */
  readonly percent?: number;
  /** The direction. @default 'vertical' */
  readonly axis?: 'vertical' | 'horizontal';
  /** True moves there smoothly, unless the visitor prefers less motion. @default false */
  readonly smooth?: boolean;
}

/** A box whose content scrolls. */
export class ScrollArea extends Element {
  constructor(build?: () => void, options: ScrollAreaOptions = {}) {
    const { label, onScroll } = options;
    super('scrollArea', own<'scrollArea'>({ ...(label && { label }), ...(onScroll && { reports: true }) }), options);
    if (onScroll) this.listen('scroll', ({ value }) => onScroll(positionOf(value)), 'parallel', onScroll);
    if (build) this.add(build);
  }

  /**
   * Scrolls the area.
   *
   * @throws {TypeError} without `pixels` and `percent`, or with both.
   */
  scrollTo({ pixels, percent, axis = 'vertical', smooth = false }: ScrollToOptions): void {
    if ((pixels === undefined) === (percent === undefined)) {
      throw new TypeError('scrollTo takes either pixels or percent, as in { percent: 1 } for the end.');
    }
    this.call('scrollTo', axis, pixels ?? null, percent ?? null, smooth);
  }
}

function positionOf(value: Json | undefined): ScrollPosition {
  const [top = 0, height = 0, shownHeight = 0, left = 0, width = 0, shownWidth = 0] = value as number[];
  return {
    verticalPosition: top,
    verticalPercentage: share(top, height - shownHeight),
    verticalSize: height,
    verticalContainerSize: shownHeight,
    horizontalPosition: left,
    horizontalPercentage: share(left, width - shownWidth),
    horizontalSize: width,
    horizontalContainerSize: shownWidth,
  };
}

function share(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0;
}

/**
 * Shows a box whose content scrolls, 16 rem high unless classes say otherwise. The keyboard reaches it and scrolls it.
 *
 * @example
 * const area = ui.scrollArea(() => ui.each(lines, (line) => line.id, (line) => ui.label(line.text)), {
 *   onScroll: ({ verticalPercentage }) => (seen.value = verticalPercentage),
 * });
 * ui.button('To the end', () => area.scrollTo({ percent: 1 }));
 *
 * @param build makes the elements inside, below each other.
 */
export function scrollArea(build?: () => void, options?: ScrollAreaOptions): ScrollArea {
  return new ScrollArea(build, options);
}
