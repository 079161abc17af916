import { takesFocus } from './dom/index.ts';
import type { FocusTrail } from './focus.ts';

/**
 * Moves the focus from an element that is gone or disabled to what follows it, or to what precedes it. A disabled element has it
 * back when it is enabled again and nobody has moved it meanwhile.
 */
export function refocus(from: HTMLElement, trail: FocusTrail): void {
  const now = document.activeElement;
  // The person, or the code that follows a link, may have moved it.
  if (now && now !== document.body && now !== from) return;
  const to = findFrom(trail);
  to?.focus({ preventScroll: true });
  if (!to || !from.isConnected) return;
  const observer = new MutationObserver(() => {
    const there = document.activeElement === to;
    if (there && from.isConnected && isOff(from)) return;
    observer.disconnect();
    if (there && from.isConnected) from.focus({ preventScroll: true });
  });
  observer.observe(document.body, { subtree: true, attributeFilter: ['disabled', 'inert'] });
}

function findFrom(trail: FocusTrail): HTMLElement | undefined {
  for (const [parent, next] of trail) {
    if (!parent.isConnected) continue;
    const candidates = [...parent.querySelectorAll<HTMLElement>(takesFocus)].filter(isVisible);
    const after = next?.isConnected ? candidates.find((one) => isFrom(next, one)) : undefined;
    const target = after ?? candidates.at(-1);
    if (target) return target;
  }
  return undefined;
}

/** Returns true for an element that is the other one, inside of it, or after it. */
function isFrom(start: Element, element: Element): boolean {
  const { DOCUMENT_POSITION_FOLLOWING, DOCUMENT_POSITION_CONTAINED_BY } = Node;
  const where = start.compareDocumentPosition(element);
  return start === element || (where & (DOCUMENT_POSITION_FOLLOWING | DOCUMENT_POSITION_CONTAINED_BY)) > 0;
}

function isVisible(element: HTMLElement): boolean {
  return element.getClientRects().length > 0 && !element.closest('[inert]');
}

function isOff(element: HTMLElement): boolean {
  return element.matches(':disabled, [inert], [inert] *');
}
