// Starts the measured Worker: bench/worker, bundled as for a deployment, in one miniflare.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { Log, LogLevel, Miniflare } from 'miniflare';
import { build } from '../src/cli/build.ts';
import { descendants } from '../src/cli/processes.ts';
import type { DownFrame, EventFrame, NodeLiteral, Paint, UpFrame } from '../src/protocol/index.ts';
import { openSocket, type RawSocket } from './socket.ts';

const root = path.resolve(import.meta.dirname, '..');

export interface Host extends AsyncDisposable {
  readonly url: URL;
  /** Connects a browser's end to a fresh session that shows the page. */
  visit(path: string, headers?: Readonly<Record<string, string>>): Promise<Visit>;
  /** Connects to a bare object of the class and name. */
  bare(kind: 'echo' | 'writer', name: string): Promise<RawSocket>;
  /** Evicts an object as the platform does: its memory is lost, its sockets stay. */
  evict(className: 'Session' | 'Echo', name: string): Promise<void>;
  /** Returns the address of the measured isolate's inspector. */
  inspector(): Promise<URL>;
  /** Collects the garbage of the measured isolate. Needs `awake`. */
  collect(): Promise<void>;
  /** Returns workerd's resident memory in bytes; NaN on systems other than Linux. */
  rss(): Promise<number>;
  /** Returns the CPU time of workerd in ms; NaN on systems other than Linux. */
  cpu(): Promise<number>;
}

export interface HostOptions {
  /** Prevents idle objects from sleeping and lets `collect` collect the Worker's garbage, for measurements of memory. */
  readonly awake?: boolean;
  /** Runs bench/worker/jobs.ts with shared objects and queues as in wrangler.toml, instead of bench/worker/app.ts. */
  readonly jobs?: boolean;
}

export async function startHost({ awake = false, jobs = false }: HostOptions = {}): Promise<Host> {
  // Because workerd's inspector ignores requests to collect, and crashes on a heap snapshot of many objects.
  if (awake) process.env.MINIFLARE_WORKERD_V8_FLAGS = '--expose-gc';
  else delete process.env.MINIFLARE_WORKERD_V8_FLAGS;
  await build();
  const folder = await mkdtemp(path.join(tmpdir(), 'edgewise-bench-'));
  const [app, compute] = await Promise.all([
    bundle(`bench/worker/${jobs ? 'jobs' : 'app'}.ts`),
    bundle('bench/worker/compute.ts'),
  ]);
  const object = (exportName: string) => ({ type: 'durable-object', worker: 'app', exportName }) as const;
  const sqlite = { type: 'durable-object', storage: 'sqlite', unsafePreventEviction: awake } as const;
  const classes = jobs
    ? { SESSION: 'Session', SHARED: 'Shared', BARE: 'Bare' }
    : { SESSION: 'Session', COUNTED: 'CountedSession', ECHO: 'Echo', WRITER: 'Writer' };
  const queues = jobs ? ['jobs', 'bare'] : [];
  const miniflare = new Miniflare({
    host: '127.0.0.1',
    port: 0,
    inspectorPort: 0,
    log: new Log(LogLevel.ERROR),
    cf: false,
    telemetry: { enabled: false },
    logRequests: false,
    enableDevRegistry: false,
    resourcePersistencePath: folder,
    workers: [
      {
        config: {
          name: 'app',
          compatibilityDate: '2026-11-01',
          manifest: { mainModule: 'app.js', modules: { 'app.js': { type: 'esm', contents: app } } },
          env: {
            ...Object.fromEntries(Object.entries(classes).map(([binding, name]) => [binding, object(name)])),
            ...(jobs && { JOBS: { type: 'queue', name: 'jobs' }, BARE_QUEUE: { type: 'queue', name: 'bare' } }),
            COMPUTE: { type: 'worker', worker: 'compute' },
          },
          exports: Object.fromEntries(Object.values(classes).map((name) => [name, sqlite])),
          triggers: queues.map((name) => ({
            type: 'queue',
            name,
            maxBatchSize: 10,
            maxBatchTimeout: 0,
            maxRetries: 5,
            maxConcurrency: 20,
          })),
        },
      },
      {
        config: {
          name: 'compute',
          compatibilityDate: '2026-11-01',
          manifest: { mainModule: 'compute.js', modules: { 'compute.js': { type: 'esm', contents: compute } } },
        },
      },
    ],
  });
  const url = await miniflare.ready;
  const workerd = descendants(process.pid).find(({ command }) => /workerd\S* serve/.test(command));
  return {
    url,
    visit: (page, headers = {}) => visit(url, page, headers),
    bare: (kind, name) => openSocket(new URL(`/bare/${kind}?name=${name}`, url)),
    evict: (className, name) => miniflare.unsafeEvictDurableObject('app', className, { name, webSockets: 'hibernate' }),
    inspector: () => miniflare.getInspectorURL(),
    async collect() {
      // Collects several times, because only the next collection frees what finalizers release.
      for (let i = 0; i < 3; i++) {
        const response = await fetch(new URL('/bare/collect', url));
        if (response.status !== 204)
          throw new Error('workerd did not collect: MINIFLARE_WORKERD_V8_FLAGS had no effect.');
      }
    },
    async rss() {
      const status = await readFile(`/proc/${workerd?.pid}/status`, 'utf8').catch(() => '');
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) * 1024;
    },
    cpu: () => cpuOf(workerd?.pid),
    async [Symbol.asyncDispose]() {
      await miniflare.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Returns the CPU time of a process in ms; NaN on systems other than Linux. */
export async function cpuOf(pid: number | undefined): Promise<number> {
  // Sums the nanoseconds of each thread, because `stat` counts in steps of 10 ms.
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const times = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '0')),
  );
  return threads.length === 0 ? Number.NaN : times.reduce((sum, text) => sum + Number.parseInt(text, 10), 0) / 1e6;
}

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'esnext',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'warning',
  });
  return outputFiles[0]?.text ?? '';
}

/** A minimal browser's end of a page: it clicks, and acknowledges patches as the client does. */
export class Visit {
  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #build: string;
  readonly path: string;
  readonly paint: Paint;
  /** Name of the session's object. */
  readonly session: string;
  readonly button: number;
  #socket!: RawSocket;
  #event = 0;
  #frame: number;
  #acknowledged: number;
  /** Number of the last event whose effects are durable. */
  durable = 0;
  /** Called with each patch. */
  onpatch: (text: string) => void = () => {};
  /** Called with every patch and snapshot, including answers to a hello. */
  onshown: (text: string) => void = () => {};
  /** Called with each snapshot that answers no hello. */
  onsnapshot: () => void = () => {};

  constructor(
    url: URL,
    headers: Readonly<Record<string, string>>,
    page: { paint: Paint; build: string; path: string; session: string },
  ) {
    this.#url = url;
    this.#headers = headers;
    this.#build = page.build;
    this.path = page.path;
    this.paint = page.paint;
    this.session = page.session;
    this.button = find(page.paint.tree, 'button') ?? 0;
    this.#frame = this.#acknowledged = page.paint.frame;
  }

  get clicks(): number {
    return this.#event;
  }

  get frame(): number {
    return this.#frame;
  }

  /** Connects, sends the hello, and answers the session's frames until the session is quiet. */
  async connect(from = { epoch: this.paint.epoch, frame: this.paint.frame }): Promise<void> {
    const url = new URL('/_edgewise/socket', this.#url);
    url.search = new URLSearchParams({ page: this.paint.page, path: this.path }).toString();
    this.#socket = await openSocket(url, { ...this.#headers, Origin: url.origin });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let greeted = false;
    this.#socket.onclose = () => {
      const error = new Error(`The session closed the socket of ${this.path}.`);
      if (greeted) throw error;
      reject(error);
    };
    this.#socket.onmessage = (text) => {
      const frame = JSON.parse(text) as DownFrame;
      greeted = frame[0] === 'w' || frame[0] === 's';
      if (frame[0] === 's') this.onshown(text);
      if (greeted) resolve();
      else reject(new Error(`The session answered the hello with ${text}`));
      this.#socket.onmessage = (text) => this.#message(text);
    };
    this.#send(['h', 2, this.#build, from.epoch, from.frame, []]);
    await promise;
  }

  /** Returns the frames and bytes that a browser receives when it returns with the page up to `frame`. */
  async resume(frame: number, epoch = this.paint.epoch): Promise<{ frames: number; bytes: number; kind: string }> {
    const url = new URL('/_edgewise/socket', this.#url);
    url.search = new URLSearchParams({ page: this.paint.page, path: this.path }).toString();
    const socket = await openSocket(url, { ...this.#headers, Origin: url.origin });
    const texts: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.onmessage = (text) => {
      if (text === 'pong') resolve();
      else if (!text.startsWith('["a"')) texts.push(text);
    };
    socket.send(JSON.stringify(['h', 2, this.#build, epoch, frame, []]));
    await until(() => texts.length > 0);
    socket.send('ping');
    await promise;
    socket.cut();
    return {
      frames: texts.length,
      bytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
      kind: texts[0]?.startsWith('["s"') ? 'snapshot' : 'resume',
    };
  }

  /** Sends a click and returns the text of the frame. */
  click(): string {
    return this.#send([++this.#event, this.button, 'click']);
  }

  cut(): void {
    this.#socket.cut();
  }

  #send(frame: UpFrame | EventFrame): string {
    const text = JSON.stringify(frame);
    this.#socket.send(text);
    return text;
  }

  #message(text: string): void {
    // A patch begins with its number, every other frame with a text.
    if (text.charCodeAt(1) !== 0x22) {
      this.#frame = Number.parseInt(text.slice(1), 10);
      // Acknowledges at half of the allowed bytes in flight, as the client does.
      if (this.#frame - this.#acknowledged >= 32) {
        this.#acknowledged = this.#frame;
        this.#send(['a', this.#frame]);
      }
      this.onpatch(text);
      this.onshown(text);
      return;
    }
    const frame = JSON.parse(text) as DownFrame;
    if (frame[0] === 'a') {
      this.durable = frame[1];
    } else if (frame[0] === 's') {
      this.#frame = this.#acknowledged = frame[3];
      this.onsnapshot();
      this.onshown(text);
    } else if (frame[0] === 'x') {
      throw new Error(`The session ended the connection: ${frame[1]}, ${frame[2]}`);
    }
  }
}

/** Opens a page in a fresh session, as a browser without a cookie does. */
export async function visit(url: URL, path: string, extra: Readonly<Record<string, string>> = {}): Promise<Visit> {
  const response = await fetch(new URL(path, url), { headers: extra });
  const cookie = response.headers.getSetCookie().find((line) => line.includes('session.')) ?? '';
  const [, json] = /id="edgewise-paint">(.*?)<\/script>/.exec(await response.text()) ?? [];
  if (!json) throw new Error(`${path} answered ${response.status} without a page.`);
  const { paint, build } = JSON.parse(json) as { paint: Paint; build: string };
  const page = { paint, build, path, session: decodeURIComponent(cookie).split('.')[1] ?? '' };
  return new Visit(url, { ...extra, Cookie: cookie.split(';')[0] ?? '' }, page);
}

function find(node: NodeLiteral, kind: string): number | undefined {
  if (node[1] === kind) return node[0];
  for (const child of node[3] ?? []) {
    const found = find(child, kind);
    if (found !== undefined) return found;
  }
  return undefined;
}

export async function until(condition: () => boolean): Promise<void> {
  for (const limit = Date.now() + 30_000; !condition(); ) {
    if (Date.now() > limit) throw new Error('The condition of the measurement was not met within 30 seconds.');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
