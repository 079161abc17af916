// Runs in the compute Worker, which loads each script into an isolate of its own: without network, without bindings, and
// with a limit of CPU time.
import { env } from 'cloudflare:workers';
import { type Checkpoint, checkpoint, resumed } from 'edgewise/compute';
import isolate from './isolate.js?raw';

/** How a script has ended, as a sentence for the visitor. */
export interface Ending {
  readonly ok: boolean;
  readonly text: string;
}

const { LOADER: loader } = env as { readonly LOADER?: WorkerLoader };

/** Returns false where wrangler.compute.toml has no `[[worker_loaders]]`. */
export function hasLoader(): boolean {
  return loader !== undefined;
}

/** Most lines, and most characters, that a script may write. */
const most = { lines: 1_000, characters: 100_000 };
/** Most bytes of an isolate's answer, in which a character takes up to six. */
const mostBytes = 1_000_000;
const flooded = ended(false, `It was ended: it wrote more than ${most.lines} lines or ${most.characters} characters.`);

/**
 * Runs a script. Yields each line that it writes, and nothing once a second, so that a cancel is noticed. A script shares the
 * globals of its isolate and can change them, so what the isolate answers is checked here.
 */
export async function* runScript(
  script: string,
  args: readonly string[] = [],
): AsyncGenerator<string | Checkpoint<number> | undefined, Ending> {
  if (!loader) return ended(false, 'There is no Worker Loader to run it.');
  // A server that has died runs a script again, but not for ever: the script may be why. A local server ends with a script
  // that computes without end, because its isolates have no limit.
  const attempt = (resumed<number>() ?? 0) + 1;
  if (attempt > 2) return ended(false, 'It was ended: two servers ended while it ran. Perhaps it computes for ever.');
  yield checkpoint(attempt);
  try {
    const worker = loader.load({
      compatibilityDate: '2026-10-01',
      mainModule: 'isolate.js',
      modules: { 'isolate.js': isolate, 'script.js': script },
      globalOutbound: null, // No network.
      limits: { cpuMs: 1_000 },
    });
    const left = { ...most };
    for await (const line of linesOf(worker.getEntrypoint(), JSON.stringify({ args, most }))) {
      if (line === undefined) {
        yield undefined;
        continue;
      }
      const message = messageIn(line);
      if (message === undefined) return ended(false, 'It was ended: it has changed how its lines are written.');
      if (typeof message !== 'string') return message;
      left.lines -= 1;
      left.characters -= message.length;
      if (left.lines < 0 || left.characters < 0) return flooded;
      yield message;
    }
  } catch (error) {
    if (error instanceof TooLong) return flooded;
    // A script that is no JavaScript, or has used up its CPU time or memory.
    return ended(false, `It was ended: ${messageOf(error)}.`);
  }
  return ended(false, 'It was ended.');
}

class TooLong extends Error {}

/** Yields the lines of an isolate's answer, and nothing once a second. Ends the isolate when nobody reads any more. */
async function* linesOf(worker: Fetcher, body: string): AsyncGenerator<string | undefined> {
  const until = beats();
  const stop = new AbortController();
  try {
    const answer = yield* until(worker.fetch('http://script', { method: 'POST', body, signal: stop.signal }));
    const reader = answer.body?.getReader();
    const decoder = new TextDecoder();
    let rest = '';
    for (let bytes = 0; reader; ) {
      const { value } = yield* until(reader.read());
      if (!value) return;
      bytes += value.length;
      if (bytes > mostBytes) throw new TooLong();
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } finally {
    stop.abort();
  }
}

/** Returns a function that waits for a promise, and yields nothing once a second meanwhile. */
function beats() {
  const second = () => scheduler.wait(1_000).then(() => undefined);
  let beat = second();
  return async function* until<T>(wanted: Promise<T>): AsyncGenerator<undefined, T> {
    const found = wanted.then((value) => ({ value }));
    for (;;) {
      const first = await Promise.race([beat, found]);
      if (first) return first.value;
      beat = second();
      yield undefined;
    }
  };
}

/** Returns what a line says: a text that was written, or how the script has ended; undefined for anything else. */
function messageIn(line: string): string | Ending | undefined {
  try {
    const message: unknown = JSON.parse(line);
    if (typeof message === 'string') return message;
    const { ok, text } = message as { readonly ok?: unknown; readonly text?: unknown };
    return typeof ok === 'boolean' && typeof text === 'string' ? ended(ok, text) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns an ending whose text is at most 1,000 characters long, because a script may have thrown a longer one. */
function ended(ok: boolean, text: string): Ending {
  return { ok, text: text.length > 1_000 ? `${text.slice(0, 999)}…` : text };
}

function messageOf(error: unknown): string {
  const { message } = error as Error;
  return message
    .replace(/^Failed to start Worker:\s*(Uncaught )?/, '')
    .replace(/\s+at script\.js:(\d+)[^]*/, ' in line $1')
    .replace(/\.$/, '');
}
