// Code that reads right and does nothing: an error, or a sentence in development, says what to write instead.

import { App, type PageContext, ui } from 'edgewise';
import { type OpenOptions, open, type User } from 'edgewise/testing';
import { expect, test } from 'vitest';

function opened(build: (page: PageContext) => void, options?: OpenOptions): Promise<User> {
  const app = new App();
  app.page('/', build);
  return open(app, '/', options);
}

async function click(user: User, name: string): Promise<void> {
  user.find(name).click();
  await user.advance('1s');
}

const advice = (user: User) => user.server.log.filter(({ level }) => level === 'warning').map(({ message }) => message);

test('[NB5] a page function that sets a state is told that this has no effect later', async () => {
  using user = await opened(() => {
    const count = ui.state(0);
    count.value = 5;
    ui.label(() => `Count ${count.value}`);
    ui.button('Go', () => count.value++);
  });
  await user.shouldSee('Count 5');
  expect(advice(user)).toEqual([expect.stringMatching(/has set a ui\.state\. A restart runs it again/)]);
});

test('[BD6] a list without keys refuses an item in the place of a key, instead of doing nothing', async () => {
  using user = await opened(() => {
    const tags = ui.list(['red', 'blue']);
    const keyed = ui.list(['red', 'blue'], (tag) => tag);
    ui.each(keyed, (tag) => ui.label(`keyed ${tag}`));
    const said = ui.label('');
    for (const [name, act] of Object.entries({
      Remove: () => tags.remove('red'),
      Update: () => tags.update('red', () => 'green'),
      Move: () => tags.move('red', 1),
      Has: () => tags.has('red'),
      Get: () => tags.get('red'),
    }))
      ui.button(name, () => {
        try {
          act();
          said.text = `${name}: no error`;
        } catch (error) {
          said.text = `${name}: ${(error as Error).message}`;
        }
      });
    ui.button('Others', () => {
      said.text = [tags.remove('green'), tags.has('0'), tags.remove(0), keyed.remove('red')].join();
    });
  });
  for (const name of ['Remove', 'Update', 'Move', 'Has', 'Get']) {
    await click(user, name);
    await user.shouldSee(new RegExp(`^${name}: ui.list.* was given "red", which is an item and no key`));
  }
  await click(user, 'Others');
  await user.shouldSee('false,true,true,true');
  await user.shouldNotSee('keyed red');
});
