// What the framework ships, its own pages and the gallery, gives an author nothing to mend.
import { expect, test } from 'vitest';
import gallery from '../../examples/app.ts';
import { families } from '../../examples/elements/index.ts';
import { App, run, ui } from '../../src/index.ts';
import { type Found, open, type User } from '../../src/testing/index.ts';
import { clickAll } from './buttons.ts';

/** The lines of the log that are about the author's code. */
const advice = (user: User) => user.server.log.filter(({ fault }) => fault === 'author').map(({ message }) => message);

const pages = ['/', '/elements', '/tutorial/shared', '/tutorial/io', '/progress', '/global_worker'];

test.each(pages)('the page %s of the gallery warns its author of nothing', async (path) => {
  using user = await open(gallery, path);
  expect(advice(user)).toEqual([]);
});

test.each(families.map(({ title }) => title.toLowerCase()))(
  'no element of the family %s warns an author by itself, whatever button is clicked',
  async (name) => {
    using user = await open(gallery, `/elements/${name}`);
    await clickAll(user, () => user.advance('1s'));
    await user.reload();
    expect(user.server.errors).toEqual([]);
    expect(advice(user)).toEqual([]);
  },
);

test('the page of jobs warns an author of nothing, with jobs in every state, opened, cancelled and started again', async () => {
  const tasks = run.tasks<{
    fine(): Promise<string>;
    wrong(): Promise<string>;
    endless(): AsyncGenerator<number | string, string>;
  }>('COMPUTE');
  const app = new App().page('/', () => {
    ui.button('Start', () => {
      for (let at = 0; at < 2; at++) {
        for (const task of [tasks.fine, tasks.wrong, tasks.endless]) void run.cpuBound(task).catch(() => {});
      }
    });
  });
  const services = {
    COMPUTE: {
      fine: async () => 'fine',
      wrong: async () => {
        throw new Error('wrong');
      },
      async *endless() {
        yield 'still there';
        await new Promise(() => {});
        return 'never';
      },
    },
  };
  using user = await open(app, '/', { services });
  user.find('Start').click();
  await user.advance('2s');
  const list = await user.tab('/_edgewise/jobs');
  const press = async (buttons: readonly Found[]) => {
    for (const button of buttons) {
      button.click();
      await list.advance('1s');
    }
  };
  await press(list.find({ name: 'wrong' }).all.filter(({ props }) => 'aria-expanded' in (props.attrs as object)));
  await press(list.find('Cancel').all.filter(({ text }) => text === 'Cancel'));
  await press(list.find('Retry').all);
  await press(['Failed', 'Cancelled', 'All'].map((group) => list.find({ kind: 'button', text: group })));
  user.server.kill();
  await list.advance('5s');
  expect(['done', 'failed', 'cancelled', 'running'].filter((status) => !list.sees(status))).toEqual([]);
  // That a task failed is about the author's code.
  expect(advice(list).filter((text) => !text.startsWith('Task "wrong" failed'))).toEqual([]);
});
