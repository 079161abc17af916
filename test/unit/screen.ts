// What a person finds on the page of a test browser.

import type { MirrorNode } from '../../src/protocol/index.ts';
import type { TestBrowser } from '../../src/testing/index.ts';

/** The texts of all labels, in the order of the page. */
export function texts(browser: TestBrowser): unknown[] {
  const found: unknown[] = [];
  const visit = (node: MirrorNode) => {
    if (node.kind === 'label') found.push(node.props.text);
    node.children.forEach(visit);
  };
  visit(browser.root);
  return found;
}

/** The first button with this text. */
export function button(browser: TestBrowser, text: string): MirrorNode {
  const find = (node: MirrorNode): MirrorNode | undefined =>
    node.kind === 'button' && node.props.text === text ? node : node.children.map(find).find(Boolean);
  return find(browser.root) as MirrorNode;
}
