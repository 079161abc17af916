/**
 * Returns a stream of what `next` returns, read on demand. It ends with undefined. Only a stream of bytes can be sent to another
 * Worker.
 */
export function byteStream(
  next: () => Uint8Array | undefined | Promise<Uint8Array | undefined>,
): ReadableStream<Uint8Array> {
  const source = {
    type: 'bytes',
    async pull(controller: ReadableByteStreamController) {
      const bytes = await next();
      if (bytes) {
        // A copy, because the stream takes the memory of what it is given.
        controller.enqueue(bytes.slice());
        return;
      }
      controller.close();
      // A reader with memory of its own waits for this.
      controller.byobRequest?.respond(0);
    },
  };
  return new ReadableStream(source as UnderlyingByteSource, { highWaterMark: 0 });
}
