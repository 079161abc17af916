import type { MirrorNode } from '../../src/protocol/index.ts';

type Hear = (event: Event, around: HTMLElement) => void;

/** Who hears an event of which node's element, by the event's type and the node's number. */
const heard = new Map<string, Map<number, Hear>>();

/**
 * Calls a function for an event of the element around a menu or a tooltip, and returns what ends that. The listeners are the
 * document's, because the element may be another one later: its component was loaded, or it moved. The innermost element hears.
 */
export function hearAround(node: MirrorNode, type: string, hear: Hear): () => void {
  const id = around(node)?.id;
  if (id === undefined) return () => {};
  let all = heard.get(type);
  if (!all) {
    all = new Map();
    heard.set(type, all);
    document.addEventListener(type, dispatch);
  }
  const of = all;
  of.set(id, hear);
  return () => {
    if (of.get(id) === hear) of.delete(id);
  };
}

/** Returns the element that a menu or a tooltip belongs to. */
export function elementAround(node: MirrorNode): HTMLElement | null {
  return document.querySelector(`[data-id="${around(node)?.id}"]`);
}

/** Parts of a page that come and go have no element of their own. */
function around(node: MirrorNode): MirrorNode | undefined {
  let at = node.parent;
  while (at?.kind === 'fragment') at = at.parent;
  return at?.kind === 'root' ? undefined : at;
}

function dispatch(event: Event): void {
  const all = heard.get(event.type);
  let at = (event.target as Partial<Element>).closest?.<HTMLElement>('[data-id]');
  while (at) {
    const hear = all?.get(Number(at.dataset.id));
    if (hear) return hear(event, at);
    at = at.parentElement?.closest<HTMLElement>('[data-id]');
  }
}
