// Two handlers that wait at once and change the same object in place: a restart gives each an object of its own.
import { expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { run } from '../../src/tasks/index.ts';
import { open } from '../../src/testing/index.ts';

interface Row {
  readonly id: number;
  one?: number;
  two?: number;
}

type Field = 'one' | 'two';

/** Changes a row before and after a wait. */
type Change = (rows: { value: readonly Row[] }, row: Row, field: Field, by: number) => void;

const inPlace: Change = (rows, row, field, by) => {
  row[field] = by;
  rows.value = [...rows.value];
};
const replaced: Change = (rows, { id }, field, by) => {
  rows.value = rows.value.map((row) => (row.id === id ? { ...row, [field]: by } : row));
};

/** Runs two handlers beside each other. Returns what the author is told of changes, and the rows at the end. */
async function changing(change: Change, ids: readonly [number, number], dies: boolean) {
  using user = await open({
    '/': () => {
      const rows = ui.state<readonly Row[]>([{ id: 0 }, { id: 1 }]);
      ui.label(() => JSON.stringify(rows.value));
      for (const [index, field] of (['one', 'two'] as const).entries()) {
        ui.button(field, async () => {
          const row = rows.value.find(({ id }) => id === ids[index]) as Row;
          change(rows, row, field, 1);
          await run.sleep('20s');
          change(rows, row, field, 2);
        });
      }
    },
  });
  user.find('one').click();
  user.find('two').click();
  await user.advance('5s');
  if (dies) user.server.kill();
  await user.advance('1m');
  const told = user.server.log.filter(({ message }) => /changed an object in place/.test(message));
  return {
    told: told.map(({ message }) => message),
    shown: user.find({ kind: 'label' }).text,
    errors: user.server.errors,
  };
}

test('in development, the author is told when a restart loses what one of two handlers changes in place', async () => {
  const { told, shown } = await changing(inPlace, [0, 0], true);
  expect(told).toEqual([
    expect.stringMatching(/^A handler of button "(one|two)" changed an object in place that the page/),
  ]);
  expect(shown).not.toBe('[{"id":0,"one":2,"two":2},{"id":1}]');
});

test.each<[string, Change, readonly [number, number], boolean, string]>([
  ['without a restart', inPlace, [0, 0], false, '[{"id":0,"one":2,"two":2},{"id":1}]'],
  ['of two handlers with a row each', inPlace, [0, 1], true, '[{"id":0,"one":2},{"id":1,"two":2}]'],
  ['of handlers that replace the row', replaced, [0, 0], true, '[{"id":0,"one":2,"two":2},{"id":1}]'],
])('nothing is lost and nothing is told %s', async (_, change, ids, dies, all) => {
  const { told, shown, errors } = await changing(change, ids, dies);
  expect([told, shown, errors]).toEqual([[], all, []]);
});
