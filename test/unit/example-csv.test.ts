import { expect, test } from 'vitest';
import { csv } from '../../examples/csv/page.ts';
import { lineOf, Parser } from '../../examples/csv/parser.ts';
import * as tasks from '../../examples/csv/tasks.ts';
import type { FileRef } from '../../src/index.ts';
import { type OpenOptions, open, type User } from '../../src/testing/index.ts';

const small = 'city,people,note\nBern,134794,capital\nZürich,421878,"large, and ""lively"""\nBasel,173863,\n';
const options: OpenOptions = { services: { COMPUTE: tasks } };

async function uploaded(content: string | Uint8Array, more: OpenOptions = {}): Promise<User> {
  const user = await open(csv, '/', { ...options, ...more });
  await user.find({ kind: 'upload' }).upload({ name: 'cities.csv', content, type: 'text/csv' });
  return user;
}

const cells = (user: User, column: number) =>
  user
    .find({ kind: 'tableRow' })
    .all.map(({ node }) => node.children[column])
    .filter((cell) => cell?.kind === 'tableCell')
    .map((cell) => cell?.props.text);

test('a file becomes a table, a summary and a chart, and its filtered rows come back as a file', async () => {
  using user = await uploaded(small);
  await user.shouldSee('large, and "lively"');
  expect(cells(user, 0)).toEqual(['Bern', 'Zürich', 'Basel']);
  user.find({ kind: 'tableHeader', text: 'people' }).click();
  await user.advance('1s');
  expect(cells(user, 0)).toEqual(['Bern', 'Basel', 'Zürich']);
  user.find({ kind: 'select', text: 'By' }).choose('city');
  await user.advance('1s');
  expect(user.find({ kind: 'barChart' }).props.labels).toEqual(['Zürich', 'Basel', 'Bern']);
  user.find('Search').fill('zÜr');
  await user.advance('1s');
  expect(cells(user, 0)).toEqual(['Zürich']);
  user.find('Download').click();
  await user.advance('2s');
  expect(user.downloads.map(({ name }) => name)).toEqual(['filtered-cities.csv']);
  expect(await user.downloads[0]?.text()).toBe('city,people,note\r\nZürich,421878,"large, and ""lively"""\r\n');
  expect(user.server.errors).toEqual([]);
});

test('[WS2] of 100,000 rows the session stores and sends the fifty that are shown, in any order and on any page', async () => {
  using user = await open(csv, '/', options);
  user.find('Try 100,000 rows').click();
  await user.shouldSee('1–50 of 100000', { within: '1m' });
  expect(cells(user, 0)).toHaveLength(50);
  user.find({ kind: 'pagination' }).emit('value', 2_000);
  await user.shouldSee('99951–100000 of 100000');
  user.find({ kind: 'tableHeader', text: 'customer' }).click();
  await user.shouldSee('1–50 of 100000');
  user.find('Search').fill('customer42@');
  await user.shouldNotSee('1–50 of 100000');
  expect(cells(user, 5).every((text) => String(text).startsWith('customer42@'))).toBe(true);
  expect(user.server.errors).toEqual([]);
});

test('[JE1] a server that dies while a file is read reads it to its end, and shows the progress meanwhile', async () => {
  using user = await open(csv, '/', options);
  user.find('Try 100,000 rows').click();
  await user.shouldSee('Reading orders.csv…', { within: '1m' });
  user.server.kill();
  await user.shouldSee('Reading orders.csv…');
  await user.shouldSee('1–50 of 100000', { within: '2m' });
  user.server.kill();
  await user.reload();
  await user.shouldSee('1–50 of 100000');
  expect(user.server.errors).toEqual([]);
});

test('[JE7] Cancel ends the reading, and the next file is read', async () => {
  using user = await open(csv, '/', options);
  user.find('Try 100,000 rows').click();
  await user.shouldSee('Reading orders.csv…', { within: '1m' });
  user.find('Cancel').click();
  await user.shouldSee('Cancelled. Choose a file to begin again.');
  await user.find({ kind: 'upload' }).upload({ name: 'cities.csv', content: small });
  await user.shouldSee('Bern');
});

test('[NF4] searching, sorting and downloading go through when the server dies at each await', async () => {
  using user = await uploaded(small, { alwaysReplay: true });
  await user.shouldSee('Bern');
  user.find('Search').fill('basel');
  await user.shouldNotSee('Bern', { within: '20s' });
  user.find('Download').click();
  await user.advance('20s');
  expect(await user.downloads[0]?.text()).toBe('city,people,note\r\nBasel,173863,\r\n');
  expect(user.server.replays).toBeGreaterThan(1);
  expect(user.server.errors).toEqual([]);
});

test('[MO10] another visitor, and another tab, see nothing of the file', async () => {
  using ada = await uploaded(small);
  await ada.shouldSee('Bern');
  using eve = await open(csv, '/', { ...options, beside: ada });
  const tab = await ada.tab();
  for (const other of [eve, tab]) {
    await other.shouldSee('No file yet. Choose one of up to 10 MB, or try a made-up one.');
    expect(other.page).not.toContain('Bern');
  }
});

test.each([
  ['an empty file', '', 'The file is empty.'],
  ['a row that is too short', 'a,b\n1,2\n3\n', 'The number of cells in line 3 is 1, and in the header 2.'],
  ['a row that is too long', 'a,b\n"1\n2",2\n3,4,5\n', 'The number of cells in line 4 is 3, and in the header 2.'],
  ['a quote without an end', 'a,b\n1,2\n"3,4\n', 'The quote that begins in line 3 has no end.'],
  ['two columns of one name', 'a,a\n1,2\n', 'Two columns have the name "a".'],
  ['bytes that are no text', new Uint8Array([0x61, 0x2c, 0xff, 0xfe, 0x0a]), 'The file is no text in UTF-8.'],
  ['a picture', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]), 'The file is no text in UTF-8.'],
])('%s is refused with a sentence, and the next file is read', async (_what, content, problem) => {
  using user = await uploaded(content);
  await user.shouldSee(problem);
  await user.find({ kind: 'upload' }).upload({ name: 'cities.csv', content: small });
  await user.shouldSee('Bern');
  await user.shouldNotSee(problem);
});

const large = [
  [
    'many short rows',
    `a\n${'1\n'.repeat(200_001)}`,
    'The table has more than 200,000 rows. Choose a smaller part of it.',
  ],
  [
    'many cells',
    `${'1,'.repeat(1_000_000)}\n`,
    'The table has more than 1,000,000 cells. Choose a smaller part of it.',
  ],
] as const;

test.each(large)('a file of few bytes with %s is refused with a sentence', async (_what, content, problem) => {
  using user = await uploaded(content);
  await user.shouldSee(problem);
});

test('a file that is replaced is deleted', async () => {
  const read: FileRef[] = [];
  const COMPUTE = {
    ...tasks,
    analyse(file: FileRef, count: number) {
      read.push(file);
      return tasks.analyse(file, count);
    },
  };
  using user = await uploaded(small, { services: { COMPUTE } });
  await user.shouldSee('Bern');
  await user.find({ kind: 'upload' }).upload({ name: 'towns.csv', content: 'town\nThun\n' });
  await user.shouldSee('Thun');
  await expect(read[0]?.text()).rejects.toThrow('The file does not exist any more');
  expect(await read[1]?.text()).toBe('town\nThun\n');
  expect(user.server.errors).toEqual([]);
});

test('a late answer for the column that was chosen before does not replace that for the present one', async () => {
  const late = Promise.withResolvers<void>();
  const COMPUTE = {
    ...tasks,
    async groupsOf(file: FileRef, search: string, by: string, measure: string) {
      const groups = await tasks.groupsOf(file, search, by, measure);
      if (by === 'city' && search === '') await late.promise;
      return groups;
    },
  };
  using user = await uploaded('city,land,people\nBern,Switzerland,1\nRome,Italy,2\n', { services: { COMPUTE } });
  await user.shouldSee('Bern');
  const by = user.find({ kind: 'select', text: 'By' });
  by.choose('city');
  await user.settle();
  user.find('Search').fill('italy');
  await user.advance('1s');
  expect(user.find({ kind: 'barChart' }).props.labels).toEqual(['Rome']);
  late.resolve();
  await user.advance('2s');
  expect(user.find({ kind: 'barChart' }).props.labels).toEqual(['Rome']);
  expect(user.server.errors).toEqual([]);
});

test('a file of another type, and one that is too large, is not taken', async () => {
  using user = await open(csv, '/', options);
  await user.find({ kind: 'upload' }).upload({ name: 'photo.png', content: 'x', type: 'image/png' });
  await user.shouldSee(/photo\.png is not of a type that is wanted here/);
  await user.find({ kind: 'upload' }).upload({ name: 'large.csv', content: new Uint8Array(10_000_001) });
  await user.shouldSee(/large\.csv is too large/);
});

test.each([
  [
    'a,b\n1,2',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'a;b\r\n1,5;2\r\n',
    [
      ['a', 'b'],
      ['1,5', '2'],
    ],
  ],
  [
    'a\tb\n\n1\t2\n\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'a,b\n"1,\n""2""",""\n',
    [
      ['a', 'b'],
      ['1,\n"2"', ''],
    ],
  ],
  [
    'a,b\n5" pipe,x\n',
    [
      ['a', 'b'],
      ['5" pipe', 'x'],
    ],
  ],
])('%j is read as %j, in pieces of any size, and what is written is read as the same', (text, rows) => {
  for (const size of [4, 5, 6, 7, 100]) {
    const parser = new Parser();
    for (let at = 0; at < text.length; at += size) parser.push(text.slice(at, at + size));
    parser.end();
    expect(parser.rows).toEqual(rows);
  }
  const parser = new Parser();
  parser.push(rows.map(lineOf).join(''));
  parser.end();
  expect(parser.rows).toEqual(rows);
});
