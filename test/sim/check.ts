import { type DownFrame, limits, type MirrorNode, type NodeLiteral, same } from '../../src/protocol/index.ts';
import { InterruptedError } from '../../src/rpc/index.ts';
import type { TestBrowser } from '../../src/testing/index.ts';
import type { TreeNode } from '../../src/tree/index.ts';
import type { Probe } from './program.ts';
import { actionOf, brokenBuild, type Simulation, type Tab } from './world.ts';

/**
 * Returns a sentence for each rule (RELIABILITY.md) that does not hold at rest.
 *
 * @param still true when no work is under way. Then only the alarm and the heartbeats may be pending.
 */
export function inspect(simulation: Simulation, still: boolean): string[] {
  const { server, tabs } = simulation;
  const problems = [
    ...tabs.flatMap((tab) => [...checkTab(simulation, tab), ...checkModel(simulation, tab)]),
    ...server.connections.flatMap(checkFrames),
    ...checkRows(simulation),
  ];
  for (const { job, state } of server.store.jobs('open')) problems.push(`Job ${job} has no outcome: ${state} (I6)`);
  for (const { level, message, error, fault } of server.log) {
    // A plain await cannot continue after a death, and the page says so. A failed commit is retried.
    const reported =
      message.startsWith('A commit failed') ||
      error === brokenBuild ||
      (error instanceof InterruptedError && !simulation.calm);
    if (level === 'error' && !reported) {
      problems.push(`The log has an error (${fault}): ${message} ${error instanceof Error ? error.stack : ''}`);
    }
  }
  const reasons = server.whyAwake();
  if (reasons.length > 0) problems.push(`At rest the object stays awake: ${reasons.join('; ')} (I9)`);
  if (still) {
    const { pending } = simulation.clock;
    const allowed = simulation.idleTimers;
    if (pending !== allowed) problems.push(`${pending} timers are pending at rest, not ${allowed} (I9)`);
  }
  return problems;
}

function checkTab(simulation: Simulation, { name, browser }: Tab): string[] {
  const problems: string[] = [];
  const { server } = simulation;
  const { link } = browser;
  const { state, pending } = link.status;
  if (state !== 'live') problems.push(`${name} is ${state}, not live (I2)`);
  if (pending > 0) problems.push(`${name} has ${pending} events without an answer (I1)`);
  if (browser.ended.length > 0) problems.push(`${name} had to reload: ${browser.ended.join(', ')} (I2)`);
  const said = browser.notices.filter((notice) => !simulation.explains(notice));
  if (said.length > 0) problems.push(`${name} says: ${said.join(' ')}`);
  const page = server.session.pages.get(link.page);
  if (!page) {
    if (!server.store.page(link.page)) problems.push(`${name} has a page that the session does not know`);
    return problems;
  }
  const shown = browser.literal();
  const stored = page.tree.literal();
  if (!same(shown, stored)) {
    problems.push(`${name} shows another tree than the session's (I2): ${difference(shown, stored)}`);
  }
  return problems;
}

/** Returns a sentence about the first difference of two trees. */
function difference(shown: NodeLiteral, stored: NodeLiteral): string {
  const [, kind, props, below = []] = shown;
  const [, , other, others = []] = stored;
  const what = `${kind} ${shown[0]} ${actionOf(props) ?? ''}`;
  if (shown[0] !== stored[0] || kind !== stored[1]) return `${what} where the session has ${stored[1]} ${stored[0]}`;
  if (!same(props, other)) return `${what} has ${JSON.stringify(props)}, and at the session ${JSON.stringify(other)}`;
  const at = below.findIndex((child, index) => !same(child, others[index]));
  const [child, twin] = [below[at], others[at]];
  if (child && twin) return difference(child, twin);
  return `${what} has the children ${below.map(([id]) => id)}, and at the session ${others.map(([id]) => id)}`;
}

/** I1, I4: the page is the result of its events, each applied once and in order. */
function checkModel(simulation: Simulation, tab: Tab): string[] {
  const problems: string[] = [];
  const events = simulation.events(tab);
  const numbers = events.map((event) => event.number);
  const gap = numbers.findIndex((number, index) => number !== index + 1);
  if (gap >= 0) problems.push(`${tab.name} numbered its events ${numbers.join(', ')}`);
  const read = probes(tab.browser);
  for (const block of simulation.blocks) {
    if (simulation.unknown.has(block.name)) continue;
    const model = block.model();
    for (const { kind, props, event, value, base } of events) {
      const action = spokenAction(kind, String(props.text)) ?? actionOf(props);
      if (action?.startsWith(`${block.name}.`))
        model.apply(action.slice(block.name.length + 1).replace('!', ''), event, value, base);
    }
    const wrong = model.check(read, simulation.calm);
    if (wrong !== undefined) problems.push(`${tab.name}: ${wrong} (I1, I4)`);
  }
  return problems;
}

/** Returns the user's action on an unmarked element. Its text begins with the name of its block. */
function spokenAction(kind: string, text: string): string | undefined {
  const [block, number = ''] = text.split(' ');
  if (kind === 'notification') return `${block}.done ${text}`;
  if (kind === 'confirm' || kind === 'prompt') return `${block}.answer ${Number.parseInt(number, 10)}`;
  return undefined;
}

/** Reads the shown values, by the names that models use. */
function probes({ root, commands, link }: TestBrowser): Probe {
  const found = new Map<string, string>();
  const rows = new Map<string, string[]>();
  const notes = new Map<string, string[]>();
  const add = (lists: Map<string, string[]>, name: string, text: string) => {
    const list = lists.get(name) ?? [];
    list.push(text);
    lists.set(name, list);
  };
  const visit = (node: MirrorNode) => {
    const { props } = node;
    const attrs = props.attrs as Record<string, string> | undefined;
    const probe = attrs?.['data-probe'];
    if (probe !== undefined) {
      const lines = props.lines as string[] | undefined;
      found.set(probe, lines ? `${props.total}: ${lines.join('|')}` : String(props.text));
    }
    if (attrs?.['data-row'] !== undefined) add(rows, attrs['data-row'], String(props.text));
    if (attrs?.['data-do'] !== undefined) found.set(`value of ${attrs['data-do']}`, String(props.value ?? props.open));
    if (node.kind === 'notification') add(notes, String(props.text).split(' ')[0] ?? '', String(props.text));
    node.children.forEach(visit);
  };
  visit(root);
  return (name) => {
    if (name.startsWith('rows of ')) return (rows.get(name.slice(8)) ?? []).join('|');
    if (name.startsWith('commands of ')) {
      const done = commands.filter(({ page, args }) => page === link.page && args[0] === name.slice(12));
      return done.map(({ args }) => args[1]).join('|');
    }
    if (name.startsWith('notes of ')) return (notes.get(name.slice(9)) ?? []).join('|');
    return found.get(name);
  };
}

/** I3: on each wire, patch numbers grow by one after a welcome or snapshot. Acknowledgements only grow. */
function checkFrames(wire: { readonly sent: readonly string[] }): string[] {
  let last: number | undefined;
  let acknowledged = 0;
  for (const text of wire.sent) {
    if (text === 'pong') continue;
    const frame = JSON.parse(text) as DownFrame;
    const [first] = frame;
    if (typeof first === 'number') {
      if (last === undefined || first !== last + 1) return [`Patch ${first} was sent after patch ${last} (I3)`];
      last = first;
    } else if (first === 'w') last = frame[2] as number;
    else if (first === 's') last = frame[3] as number;
    else if (first === 'a') {
      if ((frame[1] as number) < acknowledged) return [`Event ${frame[1]} was acknowledged after ${acknowledged} (I1)`];
      acknowledged = frame[1] as number;
    }
  }
  return [];
}

/** I7: every stored row belongs to something that exists. */
function checkRows({ server }: Simulation): string[] {
  const problems: string[] = [];
  const { store } = server;
  const pages = store.pages();
  if (pages.length > limits.pages) problems.push(`${pages.length} pages are stored (I7)`);
  for (const { page: id } of pages) {
    const page = server.session.pages.get(id);
    if (!page) continue;
    const keys = new Set<string>();
    const visit = (node: TreeNode) => {
      keys.add(node.key.toString(36));
      node.children.forEach(visit);
    };
    visit(page.tree.root);
    const orphans = store.cells(id).filter(({ key }) => !keys.has(key.split('.')[0] as string));
    if (orphans.length > 0) {
      problems.push(
        `Rows of elements that are gone: ${orphans.map(({ key, value }) => `${key}=${value}`).join(', ')} (I7)`,
      );
    }
  }
  const due = store.due().filter((row) => row.page !== '' && !store.page(row.page));
  if (due.length > 0) problems.push(`Something is due for pages that are gone: ${JSON.stringify(due)} (I7)`);
  return problems;
}
