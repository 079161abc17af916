import { Element, type ElementOptions, own } from '../element.ts';
import type { LookOptions } from '../look.ts';

/** Options of `ui.header` and `ui.footer`. */
export interface BarOptions extends ElementOptions, Pick<LookOptions, 'color'> {
  /** False lets the bar scroll with the page. @default true */
  readonly fixed?: boolean;
  /** True shows a shadow. @default false */
  readonly elevated?: boolean;
}

/** A bar at the top or at the bottom of the page. */
export class Bar extends Element {
  /** @internal */
  constructor(kind: 'header' | 'footer', build?: () => void, options: BarOptions = {}) {
    const { fixed, elevated } = options;
    super(kind, own<'header'>({ ...(fixed === false && { fixed }), ...(elevated && { elevated }) }), options);
    if (build) this.add(build);
  }
}
