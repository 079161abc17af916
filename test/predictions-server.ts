// A provider of predictions for tests: it speaks the protocol of Replicate, and does what a prompt says.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A picture of one pixel. */
const picture = Uint8Array.from(
  atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='),
  (character) => character.charCodeAt(0),
);

interface Prediction {
  readonly id: string;
  readonly version: string;
  readonly input: Readonly<Record<string, string>>;
  status: string;
  polls: number;
}

/**
 * | in the prompt | what happens                                                       |
 * | ------------- | ------------------------------------------------------------------ |
 * | `busy`        | the first two requests are answered 429, with a Retry-After of 1 s |
 * | `held`        | it is processing until {@link PredictionsServer.release}           |
 * | `fail`        | it fails                                                           |
 * | `text`        | its output is no picture                                           |
 * | `none`        | its output is empty                                                |
 */
export class PredictionsServer {
  readonly key = 'the key of the provider';
  /** Every prediction, in the order of their beginnings. */
  readonly predictions: Prediction[] = [];
  /** Number of requests that were answered 429. */
  refused = 0;
  readonly #byKey = new Map<string, Prediction>();
  #held = true;
  #server: Server | undefined;

  /** Lets the predictions that are held succeed. */
  release(): void {
    this.#held = false;
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    const { pathname, origin } = new URL(request.url);
    if (pathname === '/pictures/1.png') return new Response(picture, { headers: { 'Content-Type': 'image/png' } });
    if (pathname === '/pictures/1.html') return new Response('<b>', { headers: { 'Content-Type': 'text/html' } });
    if (request.headers.get('Authorization') !== `Bearer ${this.key}`) {
      return Response.json({ title: 'Unauthenticated', detail: 'Invalid token.', status: 401 }, { status: 401 });
    }
    const [, id, action] = /^\/v1\/predictions(?:\/(\w+))?(?:\/(cancel))?$/.exec(pathname) ?? [];
    if (id === undefined) return this.#begin(request);
    const found = this.predictions.find((one) => one.id === id);
    if (!found) return Response.json({ detail: 'Not found.' }, { status: 404 });
    if (action) found.status = 'canceled';
    else this.#poll(found);
    return Response.json(this.#shown(found, origin));
  };

  async #begin(request: Request): Promise<Response> {
    const { version, input } = (await request.json()) as Pick<Prediction, 'version' | 'input'>;
    if (input.prompt?.includes('busy') && this.refused < 2) {
      this.refused++;
      return Response.json({ detail: 'Request was throttled.' }, { status: 429, headers: { 'Retry-After': '1' } });
    }
    const key = request.headers.get('Idempotency-Key') ?? '';
    let made = this.#byKey.get(key);
    if (!made) {
      made = { id: `p${this.predictions.length + 1}`, version, input, status: 'starting', polls: 0 };
      this.#byKey.set(key, made);
      this.predictions.push(made);
    }
    return Response.json(this.#shown(made, ''), { status: 201 });
  }

  #poll(found: Prediction): void {
    found.polls++;
    if (found.status === 'canceled') return;
    const { prompt = '' } = found.input;
    if (found.polls < 2 || (prompt.includes('held') && this.#held)) found.status = 'processing';
    else found.status = prompt.includes('fail') ? 'failed' : 'succeeded';
  }

  #shown({ id, status, input: { prompt = '', audio } }: Prediction, origin: string): object {
    const address = `${origin}/pictures/1.${prompt.includes('text') ? 'html' : 'png'}`;
    const output = audio ? { transcription: `heard ${audio}` } : prompt.includes('none') ? [] : [address];
    return {
      id,
      status,
      ...(status === 'succeeded' && { output }),
      ...(status === 'failed' && { error: 'the prompt is not allowed' }),
    };
  }

  /** Listens on the loopback interface. @returns the address of the API. */
  async listen(): Promise<string> {
    this.#server = createServer(async (message, response) => {
      const body: Buffer[] = [];
      for await (const part of message) body.push(part as Buffer);
      const answer = await this.fetch(
        new Request(`http://${message.headers.host}${message.url}`, {
          method: message.method ?? 'GET',
          headers: message.headers as Record<string, string>,
          ...(body.length > 0 && { body: Buffer.concat(body) }),
        }),
      );
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      response.end(new Uint8Array(await answer.arrayBuffer()));
    });
    await new Promise<void>((resolve) => this.#server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  close(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }
}
