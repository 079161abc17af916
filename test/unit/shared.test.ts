import { expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import type { MirrorNode } from '../../src/protocol/index.ts';
import { shared } from '../../src/shared/index.ts';
import { type Builders, TestBrowser, TestServer, TestShared, VirtualClock } from '../../src/testing/index.ts';

const level = shared('level', 0);

const pages: Builders = {
  '/': () => {
    ui.label(() => `Level ${level.value}`);
    ui.button('Raise', () => {
      level.value++;
    });
    ui.button('Add', () => level.add(1));
    ui.button('Top', () => {
      level.value = 100;
    });
  },
  '/other': () => {
    ui.label('Nothing shared');
  },
};

function texts(browser: TestBrowser): unknown[] {
  const found: unknown[] = [];
  const visit = (node: MirrorNode) => {
    if (node.kind === 'label') found.push(node.props.text);
    node.children.forEach(visit);
  };
  visit(browser.root);
  return found;
}

function button(browser: TestBrowser, text: string): MirrorNode {
  const visit = (node: MirrorNode): MirrorNode | undefined =>
    node.kind === 'button' && node.props.text === text ? node : node.children.map(visit).find(Boolean);
  return visit(browser.root) as MirrorNode;
}

function world(options: { pages?: Builders; latency?: () => number } = {}) {
  const clock = new VirtualClock();
  const all = new TestShared({ clock, ...(options.latency && { latency: options.latency }) });
  const servers: TestServer[] = [];
  const serve = (name: string) => {
    const server = new TestServer({ clock, pages: options.pages ?? pages, name, shared: all });
    servers.push(server);
    return server;
  };
  const visit = async (name: string, path = '/') => {
    const server = serve(name);
    const opening = TestBrowser.open(server, clock, path);
    await clock.advance(options.latency ? 200 : 0);
    const browser = await opening;
    await clock.advance(100);
    return { server, browser };
  };
  return { clock, all, serve, visit, servers };
}

test('[SH1] what one session writes, another one shows, and the first HTML of a late one is right', async () => {
  const { clock, all, visit, serve } = world();
  const ada = await visit('ada');
  const bob = await visit('bob');
  expect(texts(ada.browser)).toEqual(['Level 0']);
  ada.browser.emit(button(ada.browser, 'Raise'), 'click');
  await clock.advance(200);
  expect(texts(ada.browser)).toEqual(['Level 1']);
  expect(texts(bob.browser)).toEqual(['Level 1']);
  const paint = await serve('eve').open('/');
  expect(JSON.stringify(paint)).toContain('Level 1');
  expect(all.hub('signal:level').subscribers).toEqual(['ada', 'bob']);
  await clock.advance(5_000);
  expect(ada.server.whyAwake()).toEqual([]);
  expect(all.hub('signal:level').whyAwake()).toEqual([]);
  expect(ada.server.errors).toEqual([]);
});
