import { expect, test } from 'vitest';
import { StopSignal } from '../../src/rpc/index.ts';

test('a listener that throws keeps no other one from its call, and its error is reported', async () => {
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  try {
    const reported = new Promise((resolve) => process.once('unhandledRejection', resolve));
    const stop = new StopSignal();
    const heard: unknown[] = [];
    const wrong = new Error('wrong');
    stop.on(() => {
      throw wrong;
    });
    stop.on(() => heard.push(stop.reason));
    const reason = new Error('enough');
    stop.stop(reason);
    expect(heard).toEqual([reason]);
    expect(await reported).toBe(wrong);
  } finally {
    for (const other of others) process.on('unhandledRejection', other);
  }
});
