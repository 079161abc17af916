import { decode } from '../storage/index.ts';

/** One item of a collection. Another value is another item. */
export class Item {
  readonly key: string;
  /** Its place: a text that sorts. */
  readonly order: string;
  /** The value as it was written, because code may change its object since. */
  readonly text: string;
  /** True when an author's object is the value. */
  readonly given: boolean;
  #value: unknown;
  #decoded: boolean;

  /** @param value what the text was made of. @default the text is decoded when it is needed */
  constructor(key: string, order: string, text: string, value?: unknown) {
    this.key = key;
    this.order = order;
    this.text = text;
    this.#value = value;
    this.given = value !== undefined;
    this.#decoded = this.given;
  }

  get value(): unknown {
    if (!this.#decoded) this.adopt(decode(this.text));
    return this.#value;
  }

  /** Returns the item in another place. */
  movedTo(order: string): Item {
    const moved = new Item(this.key, order, this.text);
    if (this.#decoded) moved.adopt(this.#value);
    return moved;
  }

  /** Replaces the value by an equal one. */
  adopt(value: unknown): void {
    this.#decoded = true;
    this.#value = value;
  }
}
