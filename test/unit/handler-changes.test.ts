// What a handler changes by hand stays what its author sees, also when the page function runs again after a restart.

import { run, ui } from 'edgewise';
import type { User } from 'edgewise/testing';
import { expect, test } from 'vitest';
import { click, opened } from './opened.ts';

async function restart(user: User): Promise<void> {
  user.server.kill();
  await user.advance('2s');
}

const texts = (user: User) => user.find({ kind: 'label' }).all.map(({ text }) => text);

test('[NF1] a column that the page function fills from a state, and a handler fills anew, shows no item twice after a kill', async () => {
  using user = await opened(() => {
    const items = ui.state(['a'], 'items');
    const column = ui.column();
    const refresh = () => {
      column.clear();
      column.add(() => {
        for (const item of items.value) ui.label(item);
      });
    };
    refresh();
    ui.button('Add', () => {
      items.value = [...items.value, `item ${items.value.length}`];
      refresh();
    });
    ui.button('Clear', () => column.clear());
  });
  await click(user, 'Add');
  expect(texts(user)).toEqual(['a', 'item 1']);
  await restart(user);
  expect(texts(user)).toEqual(['a', 'item 1']);
  await click(user, 'Add');
  await restart(user);
  expect(texts(user)).toEqual(['a', 'item 1', 'item 2']);
  await click(user, 'Clear');
  await restart(user);
  expect(user.sees({ kind: 'label' })).toBe(false);
});

test('[NF1] a column in a part that a handler has cleared is filled again by its part', async () => {
  using user = await opened(() => {
    const count = ui.state(1);
    let column = ui.column();
    ui.region(() => {
      const last = count.value;
      column = ui.column(() => ui.label(`Number ${last}`, { key: last }));
    });
    ui.button('Clear', () => column.clear());
    ui.button('Next', () => count.value++);
  });
  await click(user, 'Clear');
  await user.shouldNotSee('Number 1');
  await click(user, 'Next');
  await user.shouldSee('Number 2');
  await restart(user);
  await user.shouldSee('Number 2');
});

test('[NF1] clear removes the lines of a log, those of the page function too, and they do not come back', async () => {
  using user = await opened(() => {
    const log = ui.log();
    log.push('ready');
    ui.label(() => `Lines: ${log.lines.length}`);
    ui.button('Note', () => log.push('noted'));
    ui.button('Clear', () => log.clear());
  });
  await click(user, 'Note');
  await user.shouldSee('Lines: 2');
  await click(user, 'Clear');
  await user.shouldSee('Lines: 0');
  await user.shouldNotSee('noted');
  await restart(user);
  await user.shouldNotSee('ready');
  await click(user, 'Note');
  await restart(user);
  await user.shouldSee('Lines: 1');
  await user.shouldSee('noted');
});

test('[NF5] a handler that clears a log in its middle does so once, whichever await the server dies at', async () => {
  using user = await opened(
    () => {
      const log = ui.log();
      ui.button('Go', async () => {
        for (let at = 0; at < 70; at++) log.push(`old ${at}`);
        await run.sleep('1s');
        log.clear();
        log.push('new 1');
        await run.sleep('1s');
        log.push(`new ${log.lines.length + 1}`);
      });
    },
    { alwaysReplay: true },
  );
  user.find('Go').click();
  await user.advance('10s');
  expect(user.find({ kind: 'log' }).props.lines).toEqual(['new 1', 'new 2']);
  await restart(user);
  expect(user.find({ kind: 'log' }).props.lines).toEqual(['new 1', 'new 2']);
  expect(user.server.errors).toEqual([]);
});

test('[WS6] classes and attributes that follow a state go on following it after a handler added others and a kill', async () => {
  using user = await opened(() => {
    const on = ui.state(false);
    const label = ui
      .label('Lamp')
      .classes('lamp')
      .classes(() => (on.value ? 'bright' : 'dark'))
      .props({ 'data-on': () => on.value, lang: 'en' });
    const plain = ui.label('Plain').classes('plain');
    ui.button('Mark', () => {
      label.classes('marked').props({ title: 'Marked', lang: 'de' });
      plain.classes('marked');
    });
    ui.button('Switch', () => {
      on.value = !on.value;
    });
  });
  const shown = () => [user.find('Lamp').props.class, user.find('Lamp').props.attrs, user.find('Plain').props.class];
  const lamp = (light: string, on: boolean) => [
    `lamp ${light} marked`,
    { 'data-on': on, lang: 'de', title: 'Marked' },
    'plain marked',
  ];
  await click(user, 'Mark');
  await click(user, 'Mark');
  expect(shown()).toEqual(lamp('dark', false));
  await restart(user);
  expect(shown()).toEqual(lamp('dark', false));
  await click(user, 'Switch');
  expect(shown()).toEqual(lamp('bright', true));
  await restart(user);
  await click(user, 'Switch');
  expect(shown()).toEqual(lamp('dark', false));
});

test('[WS7] a choice among options that came later stays after a kill, whatever their first one is', async () => {
  using user = await opened(() => {
    const cities = ui.state<string[]>([], 'cities');
    const city = ui.select(cities, { label: 'City' });
    const other = ui.select(cities, { label: 'Other' });
    ui.label(() => `City: ${city.value}, other: ${other.value}`);
    ui.button('Load', () => {
      cities.value = ['Rome', 'Oslo'];
    });
    ui.button('More', () => {
      cities.value = ['Bern', ...cities.value];
    });
  });
  await user.shouldSee('City: , other: ');
  await click(user, 'Load');
  await user.shouldSee('City: Rome, other: Rome');
  user.find('City').choose('Oslo');
  await user.advance('1s');
  await restart(user);
  await user.shouldSee('City: Oslo, other: Rome');
  await click(user, 'More');
  await user.shouldSee('City: Oslo, other: Bern');
  await restart(user);
  await user.shouldSee('City: Oslo, other: Bern');
});

test('[WS7] an error that a handler gives a field without rules goes when its user changes the value', async () => {
  using user = await opened(() => {
    const taken = ui.state(false);
    ui.form(
      (form) => {
        const name = ui.input('Name');
        const mail = ui.input('Mail');
        mail.error = () => (taken.value ? 'Taken' : undefined);
        ui.button('Check', () => {
          name.error = 'Unknown';
          taken.value = true;
        });
        ui.label(() => `${name.error}, ${mail.error}, ${form.valid}`);
      },
      { onSubmit: () => ui.notify('Saved') },
    );
    ui.button('Free', () => {
      taken.value = false;
    });
  });
  await click(user, 'Check');
  await user.shouldSee('Unknown, Taken, false');
  user.find('Name').fill('Ada');
  user.find('Mail').fill('a@b');
  await user.shouldSee('undefined, Taken, false');
  await click(user, 'Free');
  await user.shouldSee('undefined, undefined, true');
});
