// A function that reads an element follows it: what the user types, and what handlers set.

import { run, ui } from 'edgewise';
import { expect, test } from 'vitest';
import { opened } from './opened.ts';

test('[WS6] a label follows what a field has: typed, set by a handler, and reset', async () => {
  using user = await opened(() => {
    const name = ui.input('Name', { value: 'Ada' });
    ui.label(() => `Hello ${name.value}!`);
    ui.button('Set', () => {
      name.value = 'Grace';
    });
    ui.button('Reset', () => name.reset());
  });
  await user.shouldSee('Hello Ada!');
  user.find('Name').fill('Bob');
  await user.shouldSee('Hello Bob!');
  user.find('Set').click();
  await user.shouldSee('Hello Grace!');
  user.find('Reset').click();
  await user.shouldSee('Hello Ada!');
});

test('[WS6] conditions follow choices: a part, visibility, and whether a button can be used', async () => {
  using user = await opened(() => {
    const more = ui.checkbox('More');
    const size = ui.select(['small', 'large'], { label: 'Size' });
    ui.show(
      () => more.value,
      () => ui.label('Everything'),
    );
    ui.label('Big').show(() => size.value === 'large');
    ui.button('Buy', () => ui.notify('Bought')).enable(() => more.value && size.value !== null);
  });
  await user.shouldNotSee('Everything');
  user.find('More').click();
  await user.shouldSee('Everything');
  await user.shouldNotSee('Big');
  user.find('Size').choose('large');
  await user.shouldSee('Big');
  user.find('Buy').click();
  await user.shouldSee('Bought');
});

test('[WS6] what an element shows is followed as well: a text, visibility, the lines of a log, the title', async () => {
  using user = await opened((page) => {
    const status = ui.label('Idle');
    const log = ui.log();
    ui.label(() => `Status: ${status.text}`);
    ui.label(() => (status.visible ? 'It shows' : 'It hides'));
    ui.label(() => `Lines: ${log.lines.length}`);
    ui.label(() => `Title: ${page.title}`);
    ui.button('Go', () => {
      status.text = 'Busy';
      status.visible = false;
      log.push('one\ntwo');
      page.title = 'Gone';
    });
  });
  await user.shouldSee('Lines: 0');
  user.find('Go').click();
  await user.shouldSee('Status: Busy');
  await user.shouldSee('It hides');
  await user.shouldSee('Lines: 2');
  await user.shouldSee('Title: Gone');
});

test('[WS6] a region follows a field, and one that it makes itself keeps what is typed', async () => {
  let built = 0;
  using user = await opened(() => {
    const count = ui.number('Count', { value: 1 });
    ui.region(() => {
      built++;
      for (let at = 0; at < (count.value ?? 0); at++) ui.label(`Place ${at + 1}`);
      const note = ui.input('Note', { value: 'x' });
      ui.label(`It has ${note.value.length}`);
    });
  });
  await user.shouldSee('It has 1');
  const before = built;
  user.find('Count').fill('3');
  await user.shouldSee('Place 3');
  expect(built).toBe(before + 1);
  user.find('Note').fill('four');
  await user.shouldSee('It has 4');
  expect(built).toBe(before + 2);
});

test('[WS6] a label that follows a password changes with it, and with its loss', async () => {
  using user = await opened(() => {
    const password = ui.input('Password', { password: true });
    ui.label(() => `Letters: ${password.value.length}`);
  });
  user.find('Password').fill('secret');
  await user.shouldSee('Letters: 6');
  await user.reload();
  await user.shouldSee('Letters: 0');
});

test('[NF1] what follows an element shows the same after a kill, and goes on following', async () => {
  using user = await opened(() => {
    const name = ui.input('Name');
    ui.label(() => `Hello ${name.value}!`);
  });
  user.find('Name').fill('Bob');
  await user.shouldSee('Hello Bob!');
  await user.advance('1s');
  user.server.kill();
  await user.shouldSee('Hello Bob!');
  user.find('Name').fill('Eve');
  await user.shouldSee('Hello Eve!');
});

test('[NF1] a handler that reads a computed signal of a field reads the same in its replay', async () => {
  const seen: string[] = [];
  using user = await opened(() => {
    const name = ui.input('Name', { value: 'Ada' });
    const loud = ui.computed(() => name.value.toUpperCase());
    const result = ui.label('Nothing');
    ui.button('Go', async () => {
      const before = loud.value;
      await run.sleep('1m');
      seen.push(`${before} ${loud.value}`);
      result.text = `${before}, then ${loud.value}`;
    });
  });
  user.find('Go').click();
  await user.advance('1s');
  user.find('Name').fill('Bob');
  await user.advance('1s');
  user.server.kill();
  await user.advance('2m');
  await user.shouldSee('ADA, then BOB');
  expect(seen).toEqual(['ADA BOB']);
  expect(user.server.errors).toEqual([]);
});
