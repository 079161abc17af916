import { describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { renderTree } from '../../src/render/index.ts';
import { open } from '../../src/testing/index.ts';

const nodes = [{ id: 'fruit', label: 'Fruit', children: [{ id: 1, label: 'Apple' }, { id: 2 }] }, { id: 'bread' }];

describe('a tree of nodes', () => {
  test('stays opened, selected and ticked after a kill, and its handlers hear of it', async () => {
    const heard: unknown[] = [];
    const page = () => {
      const tree = ui.tree(nodes, {
        tick: 'leaf',
        onSelect: (id) => heard.push(id),
        onExpand: (ids) => heard.push(ids),
        onTick: (ids) => heard.push(ids),
      });
      ui.label(() => `${tree.value}`);
    };
    using user = await open({ '/': page });
    const tree = user.find({ kind: 'tree' });
    tree.emit('value', '1');
    tree.emit('expanded', ['fruit']);
    tree.emit('ticked', ['1', '2']);
    await user.settle();
    user.server.kill();
    await user.reload();
    expect(heard).toEqual(['1', ['fruit'], ['1', '2']]);
    expect(tree.props).toMatchObject({ value: '1', expanded: ['fruit'], ticked: ['1', '2'] });
  });

  test.each([
    ['value', 'none'],
    ['value', 1],
    ['value', ['fruit']],
    ['expanded', 'fruit'],
    ['expanded', ['fruit', 'fruit']],
    ['expanded', ['none']],
    ['expanded', [{}]],
    ['ticked', ['1']],
    ['ticked', null],
  ])('refuses as %s %j from a browser', async (event, value) => {
    using user = await open({ '/': () => ui.tree(nodes) });
    user.find({ kind: 'tree' }).emit(event, value);
    await user.settle();
    expect(user.find({ kind: 'tree' }).props).toMatchObject({ value: null, expanded: [], ticked: [] });
  });

  test('refuses two nodes of one id', async () => {
    await expect(open({ '/': () => ui.tree([...nodes, { id: '2' }]) })).rejects.toThrow(/Two nodes .* "2"/);
  });

  test('is a tree of items before any script, with one of them in the order of the Tab key', async () => {
    using user = await open({
      '/': () => ui.tree(nodes, { expanded: true, tick: 'leaf', ticked: [1], value: 'bread' }),
    });
    const html = renderTree([1, 'root', {}, [[2, 'tree', user.find({ kind: 'tree' }).props as never]]]);
    expect(html).toMatch(/role="tree" aria-label="Tree"/);
    // The name of an item is its own text: nothing of the items below it is within.
    expect(html).toMatch(
      /role="treeitem"[^>]* aria-level="1" aria-setsize="2" aria-posinset="1" aria-expanded="true" aria-selected="false" aria-checked="mixed"((?!<\/div>).)*>Fruit<\/span><\/div><ul role="none">/,
    );
    expect(html).toMatch(/role="treeitem"[^>]* aria-level="2"[^>]*>((?!<\/div>).)*>Apple<\/span><\/div>/);
    expect(html.match(/tabindex="0"/g)).toHaveLength(1);
    expect(html).toMatch(/id="e2-bread"[^>]* tabindex="0"/);
  });
});
