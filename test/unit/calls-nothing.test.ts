import { expect, test } from 'vitest';
import { ui } from '../../src/index.ts';
import { callsNothing } from '../../src/session/page/calls-nothing.ts';
import { open } from '../../src/testing/index.ts';

/** A function with this text, as a build may write it. */
const written = (text: string) =>
  (0, eval)(`let n, s = {}, a = [], f = () => {}, C = class {}; (${text})`) as () => void;

test.each([
  '() => n++',
  '() => { s.value++; }',
  '()=>{s.value=!s.value}',
  'event => s.value = event.value',
  '(event) => { s.value = event.value; }',
  '({ value }) => { s.value = value; }',
  '() => { s.value = [...a, { n, text: "two" }]; s.other = undefined; }',
  '() => { if\n\n[n].length; s.value = n ? 1 : 2 }'.replace('if\n\n', ''),
])('callsNothing sees that %s calls nothing', (text) => {
  expect(callsNothing(written(text))).toBe(true);
});

test.each([
  '() => f()',
  '() => { void f(); }',
  'async () => { n++; }',
  'async () => { await n; }',
  '() => { s.value = new C; }',
  '() => { f`x`; }',
  '() => { s.value = `${a}`; }',
  '() => f?.()',
  '(a = f()) => n++',
  '(a, b) => n++',
  '() => { import("node:fs"); }',
  'function () { n++; }',
  'function* () { yield n; }',
  '{ go() { n++; } }.go',
  '(() => { n++; }).bind(null)',
])('callsNothing does not say that %s calls nothing', (text) => {
  expect(callsNothing(written(text))).toBe(false);
});

test.each([false, true])(
  '[NF4] a handler that calls nothing is applied once, with alwaysReplay %s',
  async (alwaysReplay) => {
    using user = await open(
      () => {
        const count = ui.state(0);
        const open = ui.state(false);
        ui.button('Count', () => count.value++);
        ui.button('Toggle', () => {
          open.value = !open.value;
        });
        ui.label(() => `${count.value} ${open.value ? 'open' : 'closed'}`);
      },
      '/',
      { alwaysReplay },
    );
    user.find('Count').click();
    user.find('Toggle').click();
    user.server.kill();
    user.find('Count').click();
    await user.shouldSee('2 open');
    expect(user.server.errors).toEqual([]);
  },
);

test('an error of a handler that calls nothing is reported, and the next handler has a context of its own', async () => {
  const gone: { value?: { text: string } } = {};
  using user = await open(() => {
    const count = ui.state(0);
    ui.button('Fail', () => (gone.value as { text: string }).text);
    ui.button('Add', () => {
      ui.label(`Added ${count.value++}`);
    });
  });
  user.find('Fail').click();
  user.find('Add').click();
  await user.shouldSee('Added 0');
  await user.advance('1s');
  expect(user.server.errors).toHaveLength(1);
});
