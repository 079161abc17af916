// Asks workerd's inspector for the heap size of the measured isolate.

export class Inspector {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #asked = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      const answer = JSON.parse(String(data)) as Answer;
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    };
  }

  /** Connects to the isolate of the Worker `app`. */
  static async open(base: URL): Promise<Inspector> {
    const socket = new WebSocket(new URL('/core:user:app', base));
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error(`workerd's inspector at ${base} did not answer.`));
    await promise;
    return new Inspector(socket);
  }

  /** Returns the bytes that V8 uses, on its heap and outside. */
  async heap(): Promise<number> {
    const used =
      await this.#call<Record<'usedSize' | 'embedderHeapUsedSize' | 'backingStorageSize', number>>(
        'Runtime.getHeapUsage',
      );
    return used.usedSize + used.embedderHeapUsedSize + used.backingStorageSize;
  }

  close(): void {
    this.#socket.close();
  }

  async #call<R>(method: string): Promise<R> {
    const id = ++this.#asked;
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket.send(JSON.stringify({ id, method }));
    });
    if (answer.error) throw new Error(`${method} failed: ${answer.error.message}`);
    return answer.result as R;
  }
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}
