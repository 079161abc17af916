import { describe, expect, test, vi } from 'vitest';
import { activationOf } from '../../src/storage/index.ts';

class Kind {
  readonly ctx: object;
  left = 0;

  constructor(ctx: object) {
    this.ctx = ctx;
  }

  leave(): void {
    this.left++;
  }
}

describe('the activation of an object', () => {
  test('is the same for every instance of its class', () => {
    const ctx = {};
    expect(activationOf(ctx, Kind)).toBe(activationOf(ctx, Kind));
    expect(activationOf({}, Kind)).not.toBe(activationOf(ctx, Kind));
  });

  test('outlives a reload of the module', async () => {
    const ctx = {};
    const first = activationOf(ctx, Kind);
    vi.resetModules();
    const again = await import('../../src/storage/activation.ts');
    expect(again.activationOf).not.toBe(activationOf);
    expect(again.activationOf(ctx, Kind)).toBe(first);
  });

  test('leaves the object to that of another version of the framework', () => {
    const ctx = {};
    const first = activationOf(ctx, Kind);
    class Other extends Kind {
      readonly other = true;
    }
    const second = activationOf(ctx, Other);
    expect(first.left).toBe(1);
    expect(second).not.toBe(first);
    expect(activationOf(ctx, Other)).toBe(second);
  });
});
