import { afterEach, expect, test, vi } from 'vitest';
import { ui } from '../../src/index.ts';
import { open } from '../../src/testing/index.ts';

afterEach(() => vi.useRealTimers());

test('the kit works in a test whose timers are not real', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'setImmediate', 'Date', 'performance', 'queueMicrotask'] });
  using user = await open({
    '/': () => {
      const count = ui.state(0);
      ui.button(
        () => `Count ${count.value}`,
        () => count.value++,
      );
    },
  });
  user.find('Count 0').click();
  await user.shouldSee('Count 1');
  expect(user.server.errors).toEqual([]);
});
