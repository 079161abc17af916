/** The modal dialogs that are open, the uppermost last. */
const modals = new Set<HTMLDialogElement>();

/** Opens a modal dialog. Messages stay above it, because whatever is outside of it can be neither seen well nor used. */
export function openModal(dialog: HTMLDialogElement): void {
  dialog.showModal();
  // One that opens again at once is still there: the browser says later that it was closed.
  modals.delete(dialog);
  modals.add(dialog);
  raiseMessages();
}

/** Takes back what {@link openModal} did for the messages: the dialog was closed, or leaves the document. */
export function leaveModal(dialog: HTMLDialogElement): void {
  if (modals.delete(dialog)) raiseMessages();
}

/** Returns the region of messages, above all that is open. */
export function raiseMessages(): HTMLElement | null {
  const region = document.getElementById('edgewise-toast');
  if (!region) return null;
  const place = [...modals].at(-1) ?? document.body;
  if (region.parentNode !== place) place.append(region);
  // What was opened last is uppermost.
  if (region.matches(':popover-open')) region.hidePopover();
  region.showPopover();
  return region;
}
