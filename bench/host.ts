// Starts the measured Worker: bench/worker, bundled as for a deployment, in one miniflare.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Log, LogLevel, Miniflare } from 'miniflare';
import { build } from '../src/build/index.ts';
import { descendants } from '../src/wrangler/index.ts';
import { cpuOf, memoryOf } from './process.ts';
import { openSocket, type RawSocket } from './socket.ts';
import { type Visit, visit } from './visit.ts';

export interface Host extends AsyncDisposable {
  readonly url: URL;
  /** Connects a browser's end to a fresh session that shows the page. */
  visit(path: string, headers?: Readonly<Record<string, string>>): Promise<Visit>;
  /** Connects to a bare object of the class and name. */
  bare(kind: 'echo' | 'writer' | 'durable' | 'agent', name: string): Promise<RawSocket>;
  /** Evicts an object as the platform does: its memory is lost, its sockets stay. */
  evict(className: 'Session' | 'Durable' | 'Echo', name: string): Promise<void>;
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
  /** The code of a Worker with the agent `Counter`, which runs beside the measured one. */
  readonly agents?: string;
  /** Serves the files of the client too, for measurements with a browser. Each request then passes one more Worker. */
  readonly site?: boolean;
}

const compatibilityDate = '2026-10-01';

export async function startHost({
  awake = false,
  jobs = false,
  agents,
  site = false,
}: HostOptions = {}): Promise<Host> {
  // Because workerd's inspector ignores requests to collect, and crashes on a heap snapshot of many objects.
  if (awake) process.env.MINIFLARE_WORKERD_V8_FLAGS = '--expose-gc';
  else delete process.env.MINIFLARE_WORKERD_V8_FLAGS;
  const worker = path.join(import.meta.dirname, 'worker');
  const built = await build({ folder: worker, app: `${jobs ? 'jobs' : 'app'}.ts`, compute: 'compute.ts' });
  const folder = await mkdtemp(path.join(tmpdir(), 'edgewise-bench-'));
  const [app = '', compute = ''] = await Promise.all([built.app, ...built.computes].map(codeOf));
  const object = (exportName: string) => ({ type: 'durable-object', worker: 'app', exportName }) as const;
  const sqlite = { type: 'durable-object', storage: 'sqlite', unsafePreventEviction: awake } as const;
  const classes = jobs
    ? { SESSION: 'Session', SHARED: 'Shared', BARE: 'Bare' }
    : { SESSION: 'Session', COUNTED: 'CountedSession', ECHO: 'Echo', WRITER: 'Writer', DURABLE: 'Durable' };
  const queues = jobs ? ['jobs', 'bare'] : [];
  const miniflare = new Miniflare({
    host: '127.0.0.1',
    port: 0,
    inspectorPort: 0,
    log: new Log(LogLevel.ERROR),
    cf: false,
    telemetry: { enabled: false },
    logRequests: false,
    resourcePersistencePath: folder,
    workers: [
      {
        config: {
          name: 'app',
          compatibilityDate,
          manifest: { mainModule: 'app.js', modules: { 'app.js': { type: 'esm', contents: app } } },
          env: {
            ...Object.fromEntries(Object.entries(classes).map(([binding, name]) => [binding, object(name)])),
            ...(jobs && { JOBS: { type: 'queue', name: 'jobs' }, BARE_QUEUE: { type: 'queue', name: 'bare' } }),
            COMPUTE: { type: 'worker', worker: 'compute' },
            ...(jobs && { COMPUTE_2: { type: 'worker', worker: 'compute' } as const }),
            ...(agents && { COUNTER: { type: 'durable-object', worker: 'agents', exportName: 'Counter' } as const }),
            ...(site && { ASSETS: { type: 'assets' } as const }),
          },
          ...(site && { assets: { directory: built.site, hasUserWorker: true } }),
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
          compatibilityDate,
          manifest: { mainModule: 'compute.js', modules: { 'compute.js': { type: 'esm', contents: compute } } },
        },
      },
      ...(agents
        ? [
            {
              config: {
                name: 'agents',
                compatibilityDate,
                compatibilityFlags: ['nodejs_compat'],
                manifest: {
                  mainModule: 'agents.js',
                  modules: { 'agents.js': { type: 'esm' as const, contents: agents } },
                },
                exports: { Counter: sqlite },
              },
            },
          ]
        : []),
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
    rss: () => memoryOf(workerd?.pid),
    cpu: () => cpuOf(workerd?.pid),
    async [Symbol.asyncDispose]() {
      await miniflare.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Returns the code of a built Worker. */
function codeOf({ config }: { readonly config: string }): Promise<string> {
  return readFile(path.join(path.dirname(config), 'index.js'), 'utf8');
}
