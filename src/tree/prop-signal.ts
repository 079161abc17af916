import type { Json } from '../protocol/index.ts';
import { isOwnRead, Signal } from '../reactive/index.ts';

const { get, set } = Object.getOwnPropertyDescriptor(Signal.prototype, 'value') as Required<PropertyDescriptor>;

/**
 * A prop of a node as a signal: what computes from it follows it. It holds only how often the prop has changed, because a replay
 * reads another value than the present one.
 */
export class PropSignal extends Signal<unknown> {
  readonly #read: (own: boolean) => Json | undefined;
  #changes = 0;
  /** Called with each change, for who has read the prop and does not follow it. */
  outdated: (() => void) | undefined;

  /** @param read returns the prop; `own` is false for a read that is not the running handler's own. */
  constructor(read: (own: boolean) => Json | undefined) {
    super(0);
    this.#read = read;
  }

  override get value(): Json | undefined {
    get.call(this);
    return this.#read(isOwnRead(this));
  }

  /** The prop has changed. */
  changed(): void {
    this.outdated?.();
    set.call(this, ++this.#changes);
  }
}
