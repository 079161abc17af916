import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until the condition holds, and throws `otherwise` after 60 seconds. */
export async function waitUntil(condition: () => Promise<boolean>, otherwise: string): Promise<void> {
  const limit = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > limit) throw new Error(`${otherwise} Waited 60 seconds.`);
    await sleep(25);
  }
}
