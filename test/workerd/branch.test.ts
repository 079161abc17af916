import { expect, test } from 'vitest';
import { branch } from '../../src/session/page/branch.ts';

test('[NF10] the platform tells the branches of Promise.all apart, whichever goes on first', async () => {
  const after = async (ms: number) => {
    await scheduler.wait(ms);
    return branch();
  };
  expect(await Promise.all([after(30), after(10), after(20)])).toEqual(['@0', '@1', '@2']);
});
