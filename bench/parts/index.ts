// The parts in the order in which they run and are reported.

import type { Part } from '../bench.ts';

/** Each part is loaded in a process of its own, so that it begins with an empty heap and ends with all that it started. */
export const parts: Readonly<Record<string, () => Promise<Part>>> = {
  interaction: async () => (await import('./interaction.ts')).interaction,
  wire: async () => (await import('./wire.ts')).wire,
  bill: async () => (await import('./bill.ts')).bill,
  load: async () => (await import('./load.ts')).load,
  offload: async () => (await import('./offload.ts')).offload,
  sessions: async () => (await import('./sessions.ts')).sessions,
  growth: async () => (await import('./growth.ts')).growth,
  operations: async () => (await import('./operations.ts')).operations,
  saves: async () => (await import('./saves.ts')).saves,
};
