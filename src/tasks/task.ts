import type { Checkpoint } from '../rpc/index.ts';
import { checkOptions, type RunOptions } from './options.ts';

/** A task of a compute service: a name with types, without the task's code. */
export interface Task<Args extends readonly unknown[], Result, Chunk> {
  /** The binding of the service that runs it. */
  readonly service: string;
  /** The name that its module exports it by. */
  readonly name: string;
  /** The options of its calls, which a call can override. @default none */
  readonly options?: RunOptions;
  /** Carries the types; always absent at run time. */
  readonly types?: (...args: Args) => [result: Result, chunk: Chunk];
}

/** The handles of a module of tasks: each function it exports, under its name. */
export type TasksOf<Module> = {
  readonly [K in keyof Module as Module[K] extends (...args: never) => unknown ? K : never]: Module[K] extends (
    ...args: infer Args
  ) => infer Returned
    ? Task<Args, ResultOf<Returned>, ChunkOf<Returned>>
    : never;
};

/** The result of awaiting a task; for a generator, its return value. */
export type ResultOf<Returned> =
  Returned extends Generator<infer _Yield, infer Result, infer _Next>
    ? Awaited<Result>
    : Returned extends AsyncGenerator<infer _Yield, infer Result, infer _Next>
      ? Awaited<Result>
      : Awaited<Returned>;

/** The chunks of a task: every yielded type except numbers (progress), checkpoints and undefined (a bare `yield`). */
export type ChunkOf<Returned> =
  Returned extends Generator<infer Yield, infer _Result, infer _Next>
    ? Exclude<Yield, number | Checkpoint<unknown> | undefined>
    : Returned extends AsyncGenerator<infer Yield, infer _Result, infer _Next>
      ? Exclude<Yield, number | Checkpoint<unknown> | undefined>
      : never;

/**
 * Typed handles for the tasks of a service: `tasks<typeof Tasks>('COMPUTE')`, with `import type * as Tasks`. Whether the service
 * has such a task is known when it is called.
 *
 * @param options how the calls of a task are carried out: `{ report: { via: 'queue', retries: 2 } }`.
 * @throws {TypeError} when an option is misspelt or wrong.
 */
export function tasks<Module>(
  binding: string,
  options: { readonly [K in keyof TasksOf<Module>]?: RunOptions } = {},
): TasksOf<Module> {
  for (const [task, own] of Object.entries(options)) if (own !== undefined) checkOptions(`the task "${task}"`, own);
  const declared = (service: string, name: string): Task<readonly unknown[], unknown, unknown> => {
    const own = Object.hasOwn(options, name) ? (options as Record<string, RunOptions>)[name] : undefined;
    return Object.freeze({ service, name, ...(own && { options: own }) });
  };
  const handles = new Map<string, Task<readonly unknown[], unknown, unknown>>();
  return new Proxy({} as TasksOf<Module>, {
    get(_target, name) {
      if (typeof name !== 'string') return undefined;
      let handle = handles.get(name);
      if (!handle) handles.set(name, (handle = declared(binding, name)));
      return handle;
    },
  });
}
