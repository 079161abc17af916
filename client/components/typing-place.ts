import { historyEntry } from '../connection/index.ts';

type Field = HTMLInputElement | HTMLTextAreaElement;

/** Fields whose text the session does not know before it is entered. */
const drafts = new WeakSet<Element>();

/**
 * Gives a field the focus and the caret that it had when the document went, as at a reload. Remembers those of this document.
 *
 * @param draft true also returns the text, which the session does not know.
 */
export function returnTo(field: Field, draft = false): void {
  if (draft) drafts.add(field);
  // A function is added once.
  addEventListener('beforeunload', remember);
  const { typing: [name, start, end, text] = [] } = historyEntry.read();
  // Once the page is taken over, the person is elsewhere.
  if (name !== nameOf(field) || 'ready' in document.body.dataset) return;
  if (text) field.value ||= text;
  // After a dialog around it has become modal, which moves the focus.
  queueMicrotask(() => {
    field.focus({ preventScroll: true });
    // A number has no caret.
    if (typeof start === 'number') field.setSelectionRange(start, end ?? start);
  });
}

function remember(): void {
  // Another element has no name of a field.
  const field = document.activeElement as Field;
  // Never a password, which is stored nowhere.
  const text = drafts.has(field) ? field.value : undefined;
  historyEntry.write({ typing: [nameOf(field), field.selectionStart, field.selectionEnd, text] });
}

/** Names a field by its label, too, because another build may give its number to another one. */
function nameOf({ id, labels, ariaLabel }: Field): string {
  return `${id} ${labels?.[0]?.textContent ?? ariaLabel}`;
}
