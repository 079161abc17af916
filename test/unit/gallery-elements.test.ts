import { expect, test } from 'vitest';
import gallery from '../../examples/app.ts';
import { codeOf } from '../../examples/elements/family.ts';
import { families } from '../../examples/elements/index.ts';
import { kindNames, type MirrorNode, traitsOf } from '../../src/protocol/index.ts';
import { open } from '../../src/testing/index.ts';
import { clickAll } from './buttons.ts';

const entries = families.flatMap(({ source, entries }) => entries.map(({ name }) => ({ name, source })));

test.each(entries)('the gallery shows the code of its entry $name', ({ name, source }) => {
  expect(codeOf(source, name)).toMatch(/^(async )?function \w+\(.*\{\n[^]*\bui\.[^]*\n\}$/);
});

test('the gallery shows each element live: at once, or after a click', async () => {
  const shown = new Set<string>();
  const note = (node: MirrorNode): void => {
    shown.add(node.kind);
    for (const child of node.children) note(child);
  };
  for (const { title } of families) {
    using user = await open(gallery, `/elements/${title.toLowerCase()}`);
    note(user.browser.root);
    await clickAll(user, async () => {
      await user.settle();
      note(user.browser.root);
    });
  }
  const missing = kindNames().filter((kind) => !shown.has(kind) && traitsOf(kind).internal === undefined);
  expect(missing).toEqual([]);
});
