import { expect, test } from 'vitest';
import { shared, storage, ui } from '../../src/index.ts';
import { callsNothing } from '../../src/session/page/calls-nothing.ts';
import { open } from '../../src/testing/index.ts';
import { give, io, unnoticed } from './replay-kit.ts';

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
  '() => { s.value = [n].length > 0 ? 1 : 2 }',
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

const visits = shared('calls-nothing.visits', 0);
const taste = storage.user('calls-nothing.taste', 'none');

test.each([false, true])(
  '[NF4] a handler that calls nothing sets shared and stored values, elements and controls once, with alwaysReplay %s',
  async (alwaysReplay) => {
    using user = await open(
      () => {
        const name = ui.input('Name');
        const said = ui.label('nothing');
        ui.button('Set', () => {
          visits.value++;
          taste.value += '!';
          name.value = 'Ada';
          said.text = 'set';
        });
        ui.label(() => `visits ${visits.value}, taste ${taste.value}`);
      },
      '/',
      { alwaysReplay },
    );
    user.find('Set').click();
    user.server.kill();
    await user.shouldSee('visits 1, taste none!');
    user.server.kill();
    await user.shouldSee('set');
    expect(user.find('Name').value).toBe('Ada');
    expect(user.server.errors).toEqual([]);
  },
);

/** A page whose handler calls nothing, and whose accessor makes calls of `run`. */
const accessor = (object: boolean) => () => {
  const count = ui.state(3);
  const list = ui.state([1]);
  const saved = ui.state('');
  const model = {
    set total(total: number) {
      void this.save(total);
    },
    async save(total: number) {
      const before = object ? list.value.length : count.value;
      const first = await io(`${before} and ${total}`);
      const second = await give(total);
      saved.value += `${first}, then ${second}. `;
    },
    get saving() {
      return this.save(count.value);
    },
  };
  ui.button('Set', () => {
    list.value = [...list.value, count.value];
    count.value += list.value.length;
    model.total = count.value;
    count.value++;
  });
  ui.button('Get', () => model.saving);
  ui.label(() => `${saved.value}${count.value} ${list.value.length}`);
};

test.each([false, true])(
  '[NF1] what an accessor calls goes on after a kill, though the handler calls nothing, of objects: %s',
  async (object) => {
    await unnoticed('a setter', { page: accessor(object), acts: [[0, 'Set']] });
    await unnoticed('a getter that the handler awaits', { page: accessor(object), acts: [[0, 'Get']] });
    await unnoticed('one after the other', {
      page: accessor(object),
      acts: [
        [0, 'Set'],
        [200, 'Get'],
        [1_400, 'Set'],
      ],
      // Killed, the handlers read the counter at other times.
      timed: true,
      until: 200,
    });
  },
);
