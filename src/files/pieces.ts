import type { FileContent } from './api.ts';

/** The bytes of a content in pieces of one size; the last one may be shorter. */
export class Pieces implements AsyncIterable<Uint8Array> {
  readonly #content: FileContent;
  readonly #size: number;

  constructor(content: FileContent, size: number) {
    this.#content = content;
    this.#size = size;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    let piece = new Uint8Array(this.#size);
    let filled = 0;
    for await (const chunk of chunksOf(this.#content)) {
      for (let at = 0; at < chunk.length; ) {
        const taken = chunk.subarray(at, at + this.#size - filled);
        piece.set(taken, filled);
        at += taken.length;
        filled += taken.length;
        if (filled < this.#size) continue;
        yield piece;
        piece = new Uint8Array(this.#size);
        filled = 0;
      }
    }
    if (filled > 0) yield piece.subarray(0, filled);
  }
}

async function* chunksOf(content: FileContent): AsyncGenerator<Uint8Array, void, undefined> {
  if (typeof content === 'string') yield new TextEncoder().encode(content);
  else if (content instanceof Uint8Array) yield content;
  else if (content instanceof ArrayBuffer) yield new Uint8Array(content);
  else {
    const stream = content instanceof Blob ? content.stream() : content instanceof Response ? content.body : content;
    if (!stream) return;
    yield* stream as ReadableStream<Uint8Array>;
  }
}
