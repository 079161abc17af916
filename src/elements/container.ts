import type { Kind } from '../protocol/index.ts';
import { Element, type ElementOptions } from './element.ts';

/** An element that contains others. */
export class Container extends Element {
  /** @internal */
  constructor(kind: Kind, build?: () => void, options?: ElementOptions) {
    super(kind, {}, options);
    if (build) this.add(build);
  }
}
