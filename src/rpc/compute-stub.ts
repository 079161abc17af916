import type { ComputeService } from './contract.ts';

/** What the build of an application tells its Worker. */
interface BuildBindings {
  /** The build of each compute Worker by its service binding; null where builds are not known, as in development. */
  readonly EDGEWISE_BUILDS?: Readonly<Record<string, string | null>>;
}

/** Returns the compute service of a binding, whose calls name the build that the application expects. */
export function computeStub(env: object, binding: string): ComputeService | undefined {
  const service = (env as Readonly<Record<string, unknown>>)[binding] as ComputeService | undefined;
  const build = (env as BuildBindings).EDGEWISE_BUILDS?.[binding];
  if (!service || build === undefined) return service;
  return {
    run: (call) => service.run(build === null ? call : { ...call, build }),
    runPlain: (task, _, ...args) => service.runPlain?.(task, build ?? undefined, ...args),
    ready: async () => service.ready?.(),
    expected: true,
  };
}
