import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadAgain } from '../../client/components/source.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A picture that notes which addresses it was given. */
function picture(src: string) {
  const given: string[] = [];
  const image = {
    isConnected: true,
    getAttribute: () => given.at(-1) ?? src,
    setAttribute: (_: 'src', value: string) => given.push(value),
  };
  return { given, image, fails: () => loadAgain({ currentTarget: image as unknown as HTMLImageElement }) };
}

test('[EO8] a picture that failed is loaded again three times, by the address that the server wrote', () => {
  const { given, fails } = picture('/_edgewise/files/1/cat.png');
  for (let i = 0; i < 5; i++) {
    fails();
    vi.runAllTimers();
  }
  expect(given).toEqual(Array.from({ length: 3 }, () => '/_edgewise/files/1/cat.png'));
});

test('a picture that has left the page, or has another address by then, is not loaded again', () => {
  const gone = picture('/a.png');
  gone.fails();
  gone.image.isConnected = false;
  const other = picture('/b.png');
  other.fails();
  other.given.push('/c.png');
  vi.runAllTimers();
  expect([gone.given, other.given]).toEqual([[], ['/c.png']]);
});
