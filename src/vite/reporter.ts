// What the application's Worker does about saves while Vite serves its modules: it reports whether they could be loaded,
// and goes on with those of before when not. No build has this module. The server's side is saves.ts.

declare global {
  interface ImportMeta {
    readonly hot?: {
      on(event: 'vite:beforeUpdate' | 'vite:afterUpdate' | 'edgewise:listening', heard: () => void): void;
      send(event: string, data?: unknown): void;
    };
  }
}

/** What a module threw while it was built or loaded, or a page function while it ran. An `Error` is one. */
export interface SaveFailure {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  /** The module with a syntax error. */
  readonly id?: string | undefined;
  /** The place of a syntax error. */
  readonly loc?: { readonly file?: string; readonly line: number; readonly column: number } | undefined;
  readonly frame?: string | undefined;
}

/** What this module has set up. Outside of it, because it may be loaded again. */
interface Watch {
  /** What the running update threw. */
  thrown: SaveFailure | undefined;
  /** Loads the modules that no update loads, because they could not be loaded before. Undefined once they could. */
  first: (() => Promise<void>) | undefined;
  /** The stacks of what page functions threw since the last save. */
  readonly said: Set<string>;
  send(event: 'edgewise:updated' | 'edgewise:stale' | 'edgewise:threw', failure: SaveFailure | null): void;
}

/** Loads the module of a Worker, at each of its events. Cloudflare's plugin puts it there. */
type Load = (environment: string, id: string) => Promise<unknown>;

const key = Symbol.for('edgewise.saves');
const scope = globalThis as { [key]?: Watch; __VITE_ENVIRONMENT_RUNNER_IMPORT__?: Load };
/** The module of an application, as Cloudflare's plugin asks for it, and the one that it asks for before. */
const entry = 'virtual:cloudflare/worker-entry';
const exportTypes = 'virtual:cloudflare/export-types';

/**
 * Begins to report. To be called before the modules of the author are loaded for the first time.
 *
 * @param environment the name of the Worker's environment in Vite.
 * @param classes the names of the Durable Object classes that the Worker has to have.
 * @param follower the address of the module that shows mistakes in a page.
 */
export function report(environment: string, classes: readonly string[], follower: string): void {
  scope[key] ??= begin(environment, classes, follower);
  const watch = scope[key];
  watch.send = (event, failure) => import.meta.hot?.send(event, failure);
  import.meta.hot?.on('vite:beforeUpdate', () => {
    watch.thrown = undefined;
    watch.said.clear();
  });
  // Does not come after an update that failed.
  import.meta.hot?.on('vite:afterUpdate', () => {
    if (watch.first) void watch.first();
    else watch.send('edgewise:updated', null);
  });
  import.meta.hot?.on('edgewise:listening', () => {
    if (watch.first) watch.send('edgewise:updated', watch.thrown ?? unknown);
  });
}

/** Loads the author's module, and notes what it throws: whoever loads it after this gets the same without its stack. */
export async function tryToLoad(load: () => Promise<unknown>): Promise<void> {
  const watch = scope[key];
  if (watch) watch.thrown = undefined;
  try {
    await load();
  } catch (error) {
    if (watch && error instanceof Error) watch.thrown = failureOf(error);
  }
}

function begin(environment: string, classes: readonly string[], follower: string): Watch {
  const watch: Watch = { thrown: undefined, first: undefined, said: new Set(), send() {} };
  listen(watch);
  goOn(watch, environment, nothingYet(classes, follower));
  return watch;
}

/**
 * Takes out of the console what Vite's module runner says of an update that failed, because it says so to nobody else.
 * By the time at which the Worker's next event throws it again, its stack is lost.
 */
function listen(watch: Watch): void {
  const { log, error } = console;
  console.log = (...said: unknown[]) => {
    const [who, what] = said;
    if (who === '[vite]' && what instanceof Error) watch.thrown = failureOf(what);
    else if (who === '[vite]' && String(what).startsWith('Failed to reload'))
      watch.send('edgewise:updated', watch.thrown ?? unknown);
    else log.apply(console, said);
  };
  console.error = (...said: unknown[]) => {
    const [entry, thrown] = said as [{ readonly fault?: string; readonly element?: string } | null, unknown];
    if (entry?.fault === 'author' && entry.element === undefined && thrown instanceof Error) {
      // Because a page that cannot be built is tried again and again.
      const failure = failureOf(thrown);
      const { stack = '' } = failure;
      if (watch.said.has(stack)) return;
      watch.said.add(stack);
      watch.send('edgewise:threw', failure);
    }
    error.apply(console, said);
  };
}

/**
 * Has the Worker go on with the last modules that could be loaded. An event that fails would close its browser's socket.
 * Until some could be loaded, the Worker has a module that only says so.
 */
function goOn(watch: Watch, environment: string, nothing: object): void {
  const load = scope.__VITE_ENVIRONMENT_RUNNER_IMPORT__;
  if (!load) return;
  let last: unknown;
  scope.__VITE_ENVIRONMENT_RUNNER_IMPORT__ = async (of, id) => {
    if (of !== environment || id !== entry) return load(of, id);
    try {
      last = await load(of, id);
      watch.first = undefined;
      return last;
    } catch (error) {
      if (last !== undefined) {
        watch.send('edgewise:stale', null);
        return last;
      }
      watch.thrown ??= error instanceof Error ? failureOf(error) : unknown;
      watch.first ??= async () => {
        const module = await scope.__VITE_ENVIRONMENT_RUNNER_IMPORT__?.(of, id);
        watch.send('edgewise:updated', watch.first ? (watch.thrown ?? unknown) : null);
        if (watch.first) return;
        // As after every update: the development server starts anew where the author exports other classes.
        const { getExportTypes } = (await load(of, exportTypes)) as { getExportTypes(module: unknown): unknown };
        import.meta.hot?.send('vite-plugin-cloudflare:worker-export-types', getExportTypes(module));
      };
      return nothing;
    }
  };
}

/** Returns what stands for an application whose modules could not be loaded yet. */
function nothingYet(classes: readonly string[], follower: string): object {
  const page = `<!doctype html><title>Edgewise</title><script type="module" src="${follower}"></script>
<p>The application could not be loaded. The terminal says why. This page follows the next save.`;
  const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' };
  return {
    default: {
      fetch: () => new Response(page, { status: 500, headers }),
      queue: (messages: { retryAll(options: { delaySeconds: number }): void }) =>
        messages.retryAll({ delaySeconds: 1 }),
    },
    ...Object.fromEntries(classes.map((name) => [name, Postponed])),
  };
}

/** An object of an application that could not be loaded yet. It puts its alarm off, which would be lost after some failures. */
class Postponed {
  readonly #storage: { setAlarm(time: number): Promise<void> };

  constructor({ storage }: { readonly storage: { setAlarm(time: number): Promise<void> } }) {
    this.#storage = storage;
  }

  alarm(): Promise<void> {
    return this.#storage.setAlarm(Date.now() + 1_000);
  }
}

const unknown: SaveFailure = {
  name: 'Error',
  message: 'A module could not be loaded. Vite said no more about it.',
};

function failureOf(error: Error): SaveFailure {
  const { name, message, stack, id, loc, frame } = error as Error & Partial<SaveFailure>;
  return { name, message, stack, id, loc, frame };
}
