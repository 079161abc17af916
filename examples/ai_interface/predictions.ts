// A provider with an HTTP API of the predictions kind, such as Replicate or a server of Cog: one request begins a
// prediction, others ask how far it is.
import { CancelledError, FileRef, type Runner, run, TimeoutError } from 'edgewise';
import { base64 } from './base64.ts';
import type { Provider } from './provider.ts';

/** Variables of the application. */
export interface PredictionsSettings {
  /** Address of the API, such as `https://api.replicate.com/v1`. */
  readonly PREDICTIONS_URL?: string;
  /** Key of the API, a secret. */
  readonly PREDICTIONS_KEY?: string;
  /** @default 'openai/whisper' */
  readonly SPEECH_MODEL?: string;
  /** @default 'black-forest-labs/flux-schnell' */
  readonly PICTURE_MODEL?: string;
}

/** What a model gets. A file becomes a `data:` address. */
type Input = Readonly<Record<string, string | FileRef>>;

interface Prediction {
  readonly id: string;
  readonly status: 'starting' | 'processing' | 'succeeded' | 'failed' | 'canceled' | 'aborted';
  readonly output?: unknown;
  readonly error?: unknown;
}

export function predictions(url: string, settings: PredictionsSettings): Provider {
  const {
    PREDICTIONS_KEY: key,
    SPEECH_MODEL = 'openai/whisper',
    PICTURE_MODEL = 'black-forest-labs/flux-schnell',
  } = settings;

  async function ask(runner: Runner, model: string, input: Input): Promise<unknown> {
    const { id } = await runner.ioBound(begin, await runner.ioBound(newKey), model, input);
    try {
      // After a restart the page has the id, and asks for that answer instead of beginning again.
      return await runner.ioBound(answer, id);
    } catch (error) {
      // The visitor knows already, so nobody waits for this.
      if (error instanceof CancelledError || error instanceof TimeoutError)
        run.ioBound(cancel, id).then(undefined, () => {});
      throw error;
    }
  }

  /** @param key by which a provider notices that a request is made twice, because the first one was cut off. */
  async function begin(key: string, model: string, input: Input): Promise<Prediction> {
    const sent: Record<string, string> = {};
    for (const [name, value] of Object.entries(input)) {
      sent[name] = value instanceof FileRef ? `data:${value.type};base64,${await base64(value)}` : value;
    }
    const body = JSON.stringify({ version: model, input: sent });
    return send('predictions', { method: 'POST', body, headers: { 'Idempotency-Key': key } });
  }

  async function answer(id: string): Promise<unknown> {
    for (let pause = 500; ; pause = Math.min(pause * 1.5, 5_000)) {
      const { status, output, error } = await send(`predictions/${id}`);
      if (status === 'succeeded') return output;
      if (status !== 'starting' && status !== 'processing') throw new Error(`The provider says: ${error || status}.`);
      await run.sleep(pause);
    }
  }

  async function cancel(id: string): Promise<void> {
    await send(`predictions/${id}/cancel`, { method: 'POST' });
  }

  const authorization: Record<string, string> = key ? { Authorization: `Bearer ${key}` } : {};

  /** Sends a request, and again when the provider is busy, at the time that it names. */
  async function send(path: string, { headers, ...init }: RequestInit = {}): Promise<Prediction> {
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(`${url}/${path}`, {
        ...init,
        headers: { 'Content-Type': 'application/json', ...authorization, ...(headers as Record<string, string>) },
        signal: run.signal ?? null,
      });
      if (response.ok) return response.json();
      const busy = response.status === 429 || response.status === 503;
      if (!busy || attempt === 5) throw new Error(await reasonOf(response));
      await response.body?.cancel();
      await run.sleep(retryAfter(response) ?? attempt * 1_000);
    }
  }

  return {
    async transcribe(run, audio) {
      return textOf(await ask(run, SPEECH_MODEL, { audio }));
    },
    async paint(run, prompt) {
      const output = await ask(run, PICTURE_MODEL, { prompt });
      return [output].flat().filter((one) => typeof one === 'string');
    },
  };
}

async function newKey(): Promise<string> {
  return crypto.randomUUID();
}

/** Models of speech answer a text, or an object with one. */
function textOf(output: unknown): string {
  if (typeof output === 'string') return output;
  const { text, transcription } = (output ?? {}) as { readonly text?: unknown; readonly transcription?: unknown };
  const found = transcription ?? text;
  if (typeof found !== 'string') throw new Error('The provider answered without a text.');
  return found;
}

/** Returns the milliseconds of the header Retry-After, which has seconds or a date: at most a minute. */
function retryAfter({ headers }: Response): number | undefined {
  const given = headers.get('Retry-After');
  if (given === null) return undefined;
  const ms = /^\d+$/.test(given) ? Number(given) * 1_000 : Date.parse(given) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 100), 60_000);
}

async function reasonOf(response: Response): Promise<string> {
  const text = await response.text();
  let detail = text;
  try {
    const body = JSON.parse(text) as { readonly detail?: unknown; readonly title?: unknown };
    detail = String(body.detail ?? body.title ?? text);
  } catch {
    // The answer is no JSON, so it is shown as it is.
  }
  return `The provider answered ${response.status}: ${detail.slice(0, 300) || response.statusText}`;
}
