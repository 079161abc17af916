import { env } from 'cloudflare:workers';
import { systemClock } from '../../src/clock/index.ts';
import type { ComputeService } from '../../src/rpc/index.ts';
import type { TaskHost } from '../../src/tasks/index.ts';

/** Runs tasks through the service bindings of the Worker under test. */
export const host: TaskHost = {
  clock: systemClock,
  opens: () => () => {},
  keepAlive: () => {},
  turn: (fn) => fn(),
  service: (binding) => (env as unknown as Record<string, ComputeService | undefined>)[binding],
  log: () => {},
};
