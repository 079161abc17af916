// Starts everything that is compared. A peer that cannot be installed is named, and the others are measured.

import { startHost } from '../host.ts';
import { buildAgents, installNiceGui } from '../peers/install.ts';
import { agents } from './agents.ts';
import { bare } from './bare.ts';
import type { Contender } from './contender.ts';
import { edgewise } from './edgewise.ts';
import { startNiceGui } from './nicegui.ts';

export { type Contender, type ContenderName, floors, ours, type Visitor } from './contender.ts';

export interface Contenders extends AsyncDisposable {
  readonly list: readonly Contender[];
  /** A sentence for each peer that could not be started. */
  readonly missing: readonly string[];
}

/** Starts all contenders, or only those that have a page for a browser. */
export async function startContenders({ pages = false } = {}): Promise<Contenders> {
  const missing: string[] = [];
  const attempt = <T>(name: string, work: () => Promise<T>): Promise<T | undefined> =>
    work().catch((error: Error) => {
      missing.push(`${name} was not measured, because it could not be installed or started: ${firstLine(error)}`);
      return undefined;
    });
  const code = pages ? undefined : await attempt('The Agents SDK', buildAgents);
  const host = await startHost({ site: pages, ...(code !== undefined && { agents: code }) });
  const nicegui = await attempt('NiceGUI', async () => startNiceGui(await installNiceGui()));
  if (pages) missing.push('The Agents SDK has no page of its own: an author writes one with a library of the browser.');
  return {
    list: [
      edgewise(host),
      ...(pages ? [] : [bare(host, 'echo'), bare(host, 'durable'), bare(host, 'writer')]),
      ...(code === undefined ? [] : [agents(host)]),
      ...(nicegui ? [nicegui] : []),
    ],
    missing,
    async [Symbol.asyncDispose]() {
      await nicegui?.[Symbol.asyncDispose]();
      await host[Symbol.asyncDispose]();
    },
  };
}

function firstLine({ message }: Error): string {
  return message.split('\n')[0] ?? message;
}
