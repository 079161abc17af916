import { expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { Page } from '../../src/session/page/page.ts';
import { open } from '../../src/testing/index.ts';

/**
 * Has the page tell each time that it is entered, by whomever: a method that is called, an accessor that is read or written. It
 * replaces them on the prototype by others that note their name and then do what they did. Fields count for nothing, since a part
 * of the page that is read from a field is reached without the page.
 *
 * @returns the names of what was entered, in order, and how to put the prototype back.
 */
function watchEntries(): { readonly entries: string[]; [Symbol.dispose](): void } {
  const entries: string[] = [];
  const original = Object.getOwnPropertyDescriptors(Page.prototype);
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(Page.prototype))) {
    if (name === 'constructor') continue;
    const watched = (fn: (...args: unknown[]) => unknown) =>
      function (this: Page, ...args: unknown[]): unknown {
        entries.push(name);
        return fn.apply(this, args);
      };
    const { value, get, set } = descriptor;
    if (typeof value === 'function') descriptor.value = watched(value);
    if (get) descriptor.get = watched(get);
    if (set) descriptor.set = watched(set);
    Object.defineProperty(Page.prototype, name, descriptor);
  }
  return { entries, [Symbol.dispose]: () => void Object.defineProperties(Page.prototype, original) };
}

test('a click that sets a label and a state enters the page at most 8 times, with the commit and its acknowledgement', async () => {
  using user = await open({
    '/': () => {
      const count = ui.state(0);
      const label = ui.label('Nothing yet');
      ui.button('Add', () => {
        label.text = 'Clicked';
        count.value++;
      });
    },
  });
  await user.advance('5s');
  using watched = watchEntries();
  user.find('Add').click();
  await user.shouldSee('Clicked');
  await user.advance('200ms');
  expect(user.browser.link.status.pending, 'the click was not acknowledged').toBe(0);
  expect(watched.entries.length, watched.entries.join(', ')).toBeLessThanOrEqual(8);
  expect(watched.entries, 'the click was not seen').toContain('receive');
});
