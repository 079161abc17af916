import { expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import type { MirrorNode } from '../../src/protocol/index.ts';
import { TestBrowser, TestServer, VirtualClock } from '../../src/testing/index.ts';

function nodes(browser: TestBrowser, kind: string): MirrorNode[] {
  const found: MirrorNode[] = [];
  const visit = (node: MirrorNode) => {
    if (node.kind === kind) found.push(node);
    node.children.forEach(visit);
  };
  visit(browser.root);
  return found;
}

const counter = {
  '/': () => {
    const count = ui.state(0);
    const label = ui.label('Start');
    ui.label(() => `Count ${count.value}`);
    ui.button('Add', () => {
      count.value++;
      label.text = `Last ${count.value}`;
    });
    const draft = ui.state('');
    ui.input('Draft', { value: draft });
    const items = ui.state<{ id: number; text: string }[]>([]);
    ui.button('Put', () => {
      items.value = [...items.value, { id: items.value.length, text: draft.value }];
      draft.value = '';
    });
    ui.each(
      items,
      (item) => item.id,
      (item) => ui.label(item.text),
    );
  },
};

test('a click changes the page, survives a kill and is applied once', async () => {
  const clock = new VirtualClock();
  const server = new TestServer({ pages: counter, clock });
  const browser = await TestBrowser.open(server, clock, '/');
  await clock.advance(100);
  const add = () => nodes(browser, 'button')[0] as MirrorNode;
  browser.emit(add(), 'click');
  await clock.advance(5);
  expect(nodes(browser, 'label').map((node) => node.props.text)).toEqual(['Last 1', 'Count 1']);
  server.kill();
  await clock.advance(2000);
  expect(nodes(browser, 'label').map((node) => node.props.text)).toEqual(['Last 1', 'Count 1']);
  expect(browser.link.pending).toEqual([]);
  browser.edit(nodes(browser, 'input')[0] as MirrorNode, 'Milk');
  browser.emit(nodes(browser, 'button')[1] as MirrorNode, 'click');
  await clock.advance(2000);
  expect(nodes(browser, 'label').map((node) => node.props.text)).toEqual(['Last 1', 'Count 1', 'Milk']);
  expect(nodes(browser, 'input')[0]?.props.value).toBe('');
  server.kill();
  await clock.advance(3000);
  expect(nodes(browser, 'label').map((node) => node.props.text)).toEqual(['Last 1', 'Count 1', 'Milk']);
  const sent = browser.wire?.sent.length;
  expect(server.session.whyAwake()).toEqual([]);
  server.evict();
  browser.emit(add(), 'click');
  await clock.advance(3000);
  console.log(browser.wire?.sent.slice(sent), server.log);
  expect(nodes(browser, 'label').map((node) => node.props.text)).toEqual(['Last 2', 'Count 2', 'Milk']);
});
