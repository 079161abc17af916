import { expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { renderTree } from '../../src/render/index.ts';
import { open } from '../../src/testing/index.ts';

/** The HTML of a page with one separator. */
const html = (props: Record<string, boolean | string>) => renderTree([1, 'root', {}, [[2, 'separator', props]]]);

test('a separator is a horizontal rule of the browser, with its id and the classes of the author', () => {
  expect(html({ class: 'my-4' })).toMatch(/<hr data-id="2" class="w-full [^"]* my-4"\/>/);
  expect(html({})).not.toContain('aria-orientation');
});

test('a vertical separator says its direction', () => {
  expect(html({ vertical: true })).toMatch(/<hr aria-orientation="vertical" data-id="2" class="h-auto /);
});

test('ui.separator stands where it is called, follows what binds it, and stays after the server was killed', async () => {
  const page = () => {
    const shown = ui.state(true);
    ui.label('above');
    ui.separator({ key: 'line' }).show(shown);
    ui.row(() => ui.separator({ vertical: true }));
    ui.button('Hide', () => {
      shown.value = false;
    });
  };
  using user = await open({ '/': page });
  expect(user.page).toContain('label "above"\n  separator\n  row\n    separator\n');
  expect(user.find({ kind: 'separator' }).all.map(({ props }) => props)).toEqual([{}, { vertical: true }]);
  user.find('Hide').click();
  await user.settle();
  user.server.kill();
  await user.settle();
  expect(user.find({ kind: 'separator' }).all.map(({ visible }) => visible)).toEqual([false, true]);
});
