// What elements make of values that their types refuse, as they come out of an answer of type `any`.

import { expect, test } from 'vitest';
import { App, ui } from '../../src/index.ts';
import { open } from '../../src/testing/index.ts';

/** Opens a page that shows a value of no known type. */
const show = (build: (value: never) => void, value: unknown) =>
  open(
    new App().page('/', () => build(value as never)),
    '/',
  );

test('a text that is not there is an empty text', async () => {
  for (const nothing of [undefined, null, () => undefined, () => null]) {
    const user = await show((value) => {
      ui.label(value);
      ui.markdown(value);
      ui.html(value);
      ui.link('A link', value);
    }, nothing);
    expect([user.sees('undefined'), user.sees('null')]).toEqual([false, false]);
    expect(user.server.errors).toEqual([]);
  }
});

test('what has a text of its own shows it', async () => {
  const user = await show((value) => void ui.label(value), new URL('https://a.example/b'));
  expect(user.sees('https://a.example/b')).toBe(true);
});

test('an object without a text is refused by a sentence that says what helps', async () => {
  const page = (value: unknown) => show((text) => void ui.label(text), value);
  await expect(page({ name: 'Ada' })).rejects.toThrow(
    'ui.label takes a text or a number; it was given [object Object]. Give it a field of the object, or JSON.stringify(object).',
  );
  await expect(page(Promise.resolve('late'))).rejects.toThrow(
    'ui.label takes a text or a number; it was given [object Promise]. Await it first.',
  );
  await expect(page({ then: () => {} })).rejects.toThrow('Await it first.');
  await expect(show((text) => void ui.markdown(text), { body: '' })).rejects.toThrow('ui.markdown takes a text');
  await expect(show((text) => void ui.link('A link', text), {})).rejects.toThrow('The address of ui.link takes a text');
});

test('a text that becomes an object keeps what it showed, and reports the mistake', async () => {
  const user = await show(() => {
    const shown = ui.state<unknown>('before', 'shown');
    ui.label(() => shown.value as string);
    ui.button('Change', () => {
      shown.value = { text: 'after' };
    });
  }, undefined);
  user.find('Change').click();
  await user.settle();
  expect(user.sees('before')).toBe(true);
  expect(user.server.errors.map(String)).toEqual([expect.stringContaining('ui.label takes a text or a number')]);
});

test('such a value costs only its own text when the page is built again', async () => {
  const user = await show(() => {
    const shown = ui.state<unknown>('before', 'shown');
    const text = () => shown.value as string;
    ui.label(text);
    ui.markdown(text);
    ui.html(text);
    ui.link('A link', text);
    ui.image(text);
    ui.button('Change', () => {
      shown.value = { text: 'after' };
    });
    ui.button('Back', () => {
      shown.value = 'again';
    });
  }, undefined);
  user.find('Change').click();
  await user.settle();
  user.server.kill();
  await user.advance('5s');
  user.find('Back').click();
  await user.settle();
  expect(user.find({ kind: 'label' }).text).toBe('again');
  for (const kind of ['markdownBlock', 'html'] as const) {
    expect(JSON.stringify(user.find({ kind }).props.content), kind).toContain('again');
  }
  expect(user.find('A link').props.href).toBe('again');
  expect(user.find({ kind: 'image' }).props.src).toBe('again');
});

test('pictures and tables say what they take', async () => {
  await expect(show((src) => void ui.image(src), undefined)).rejects.toThrow(
    'A picture, a sound or a film is an address, a file or a Uint8Array; it was given undefined.',
  );
  for (const rows of [undefined, null, 'rows', Promise.resolve([])]) {
    await expect(show((given) => void ui.table(given), rows)).rejects.toThrow('ui.table takes rows: an array,');
  }
});

test.each<[what: string, build: (given: never) => unknown]>([
  ['ui.row', (given) => ui.row(given)],
  ['ui.card', (given) => ui.card(given)],
  ['ui.column', (given) => ui.column().add(given)],
  ['ui.show', (given) => ui.show(true, given)],
  ['ui.region', (given) => ui.region(given)],
  ['ui.each', (given) => ui.each(ui.list(['a']), given)],
  ['ui.tabs', (given) => ui.tabs({ One: given })],
])('children in place of a function that makes them are refused by %s', async (what, build) => {
  for (const children of [() => [ui.label('a'), ui.label('b')], () => ui.label('a'), () => 'a']) {
    const page = show(() => void build(children() as never), undefined);
    await expect(page).rejects.toThrow(`${what} takes a function that makes what is inside, as in ui.row(`);
  }
});

test.each<[what: string, build: (given: never) => unknown]>([
  ['a click', (given) => ui.button('Go', given)],
  ['a change', (given) => ui.input('Name').onChange(given)],
  ['a timer', (given) => ui.timer('1s', given)],
  ['an event of the browser', (given) => ui.label('Name').on('dblclick', given)],
])('a handler of %s that is no function is refused where it is given', async (_what, build) => {
  for (const wrong of [{ icon: 'plus' }, 'save()']) {
    const page = show((given) => void build(given), wrong);
    await expect(page).rejects.toThrow(/A handler of .* is a function, as in .*; its type was (object|string)\./);
  }
});

test('ui.each says what it takes when there is no array, or a text in place of a key', async () => {
  for (const nothing of [undefined, null, { a: 1 }]) {
    const page = show((rows) => ui.each(rows, String, () => {}), nothing);
    await expect(page).rejects.toThrow('ui.each takes a ui.list or an array; it was given');
  }
  const page = show((key) => ui.each([{ id: 1 }], key, () => {}), 'id');
  await expect(page).rejects.toThrow('ui.each of an array takes two functions');
});

test('a text that changes what it reads says so by name', async () => {
  const user = await show(() => {
    const count = ui.state(0, 'count');
    ui.label(() => count.value++);
  }, undefined);
  expect(user.server.errors.map(String)[0]).toMatch(/Cycle detected: the text of label .* changes what it reads\./);
});
