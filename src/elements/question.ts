import type { Kind, Props } from '../protocol/index.ts';
import { type WaitOptions, waitFor } from '../tasks/index.ts';
import { channelOf, slot } from '../tree/index.ts';
import { Element } from './element.ts';
import { pageHost } from './page-host.ts';

/**
 * Shows a question over the page, waits in the running handler for its answer, and removes it. The question belongs to no slot of
 * the page, so no rebuild removes it.
 */
export function ask<T>(kind: Kind & ('confirm' | 'prompt'), props: Props, { timeout }: WaitOptions): Promise<T> {
  const what = `ui.${kind}`;
  const { tree } = pageHost.require(what);
  const open = () => {
    const question = slot.run({ node: tree.root, structural: false }, () => new Element(kind, props));
    const { node } = question;
    return { channel: channelOf(node.key, 'answer'), there: node.alive, close: () => question.delete() };
  };
  return waitFor<T>({ type: kind, what, timeout, open });
}
