import { historyEntry } from '../connection/index.ts';

type Field = HTMLInputElement | HTMLTextAreaElement;

/** Fields whose text the session does not know before it is entered. */
const drafts = new WeakSet<Element>();
let remembers = false;

/**
 * Gives a field the focus and the caret that it had when the document went, as at a reload. Remembers those of this document.
 *
 * @param draft true also returns the text, which the session does not know.
 */
export function returnTo(field: Field, draft = false): void {
  if (draft) drafts.add(field);
  if (!remembers) addEventListener('beforeunload', remember);
  remembers = true;
  const { typing: [name, start, end, text] = [] } = historyEntry.read();
  // Once the page is taken over, the person is elsewhere.
  if (name !== nameOf(field) || 'ready' in document.body.dataset) return;
  if (draft && field.value === '') field.value = text ?? '';
  // After a dialog around it has become modal, which moves the focus.
  queueMicrotask(() => {
    field.focus({ preventScroll: true });
    if (typeof start === 'number' && typeof end === 'number') field.setSelectionRange(start, end);
  });
}

function remember(): void {
  const field = document.activeElement;
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) {
    const { selectionStart, selectionEnd, value } = field;
    // Never a password, which is stored nowhere.
    const text = drafts.has(field) ? value : undefined;
    historyEntry.write({ typing: [nameOf(field), selectionStart, selectionEnd, text] });
  } else historyEntry.write({ typing: undefined });
}

/** Names a field by its label, too, because another build may give its number to another one. */
function nameOf({ id, labels, ariaLabel }: Field): string {
  return `${id} ${labels?.[0]?.textContent ?? ariaLabel}`;
}
