import type { Duration } from '../clock/index.ts';
import type { Json, JsonObject } from '../protocol/index.ts';
import { checkWait, type WaitOptions, waitFor } from '../tasks/index.ts';
import { channelOf, slot, type TreeNode } from '../tree/index.ts';
import { Element } from './element.ts';
import { pageHost } from './page-host.ts';

/** Options of `page.call`. */
export interface CallOptions extends WaitOptions {
  /** Limits the wait for the browser's answer, which then throws a `TimeoutError`. A number is in milliseconds. @default '30s' */
  readonly timeout?: Duration;
}

/**
 * Calls a function of the author's client module in the browser, and waits in a handler for its result.
 *
 * @param node for a method of an element's component instead.
 * @internal
 */
export async function callInBrowser<T>(
  name: string,
  args: readonly Json[],
  options: CallOptions,
  node?: TreeNode,
): Promise<T> {
  const what = node ? `${node.kind}.${name}` : `page.call('${name}')`;
  if (!node && !/^[^.]+\.[^.]+$/.test(name)) {
    throw new TypeError(`${what} needs a module and a function that it exposes, as in page.call('screen.width').`);
  }
  checkWait(what, options);
  const { timeout = '30s' } = options;
  const { tree } = pageHost.require(what);
  const open = () => {
    const props = { name, args: args as Json, ...(node && { node: node.id }) };
    const call = slot.run({ node: tree.root, structural: false }, () => new Element('call', props));
    return { channel: channelOf(call.node.key, 'answer'), there: call.node.alive, close: () => call.delete() };
  };
  const answer = await waitFor<JsonObject>({ type: 'call', name, what, timeout, open });
  if ('error' in answer) throw new Error(`The browser's ${name} failed: ${String(answer.error)}`);
  return answer.value as T;
}
