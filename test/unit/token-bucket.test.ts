import { describe, expect, test } from 'vitest';
import { TokenBucket } from '../../src/clock/index.ts';

const start = 1_700_000_000_000;

describe('a token bucket', () => {
  test('lets a burst through, and then as much as its rate', () => {
    const bucket = new TokenBucket({ burst: 5, perSecond: 10 });
    const taken = (now: number) => {
      let count = 0;
      while (bucket.take(now) === 0) count++;
      return count;
    };
    expect(taken(start)).toBe(5);
    expect(taken(start + 100)).toBe(1);
    expect(taken(start + 400)).toBe(3);
    expect(taken(start + 60_000), 'no more than the burst, however long it was quiet').toBe(5);
  });

  test.each([
    [1, 100],
    [2, 200],
    [5, 500],
  ])('tells when %i tokens will be there', (amount, wait) => {
    const bucket = new TokenBucket({ burst: 5, perSecond: 10 });
    expect(bucket.take(start, 5)).toBe(0);
    expect(bucket.take(start, amount)).toBe(wait);
    expect(bucket.take(start + wait, amount)).toBe(0);
  });

  test('takes all tokens of a call or none', () => {
    const bucket = new TokenBucket({ burst: 5, perSecond: 10 });
    expect(bucket.take(start, 3)).toBe(0);
    expect(bucket.take(start, 3)).toBeGreaterThan(0);
    expect(bucket.take(start, 2)).toBe(0);
  });

  test('gives nothing until what was spent beyond it is back', () => {
    const bucket = new TokenBucket({ burst: 5, perSecond: 10 });
    bucket.spend(start, 25);
    expect(bucket.wait(start, 0)).toBe(2_000);
    expect(bucket.wait(start + 1_000, 0)).toBe(1_000);
    expect(bucket.wait(start + 2_000, 0)).toBe(0);
    expect(bucket.take(start + 2_100, 1)).toBe(0);
  });

  test('loses nothing when the clock is set back', () => {
    const bucket = new TokenBucket({ burst: 5, perSecond: 10 });
    expect(bucket.take(start, 2)).toBe(0);
    expect(bucket.take(start - 3_600_000, 3)).toBe(0);
    expect(bucket.take(start - 3_600_000 + 100)).toBe(0);
  });
});
