import { Element, type ElementOptions } from '../element.ts';

/** Events one after the other. */
export class Timeline extends Element {
  /** @internal */
  constructor(build?: () => void, options?: ElementOptions) {
    super('timeline', {}, options);
    if (build) this.add(build);
  }
}

/**
 * Shows events one after the other, each made by `ui.timelineEntry`. It is a list for assistive technology.
 *
 * @example
 * ui.timeline(() => {
 *   ui.timelineEntry('Ordered', undefined, { subtitle: '12 May', icon: 'shopping_cart' });
 *   ui.timelineEntry('Sent', undefined, { subtitle: '14 May', icon: 'local_shipping', color: 'success' });
 * });
 *
 * @param build makes the entries.
 */
export function timeline(build?: () => void, options?: ElementOptions): Timeline {
  return new Timeline(build, options);
}
