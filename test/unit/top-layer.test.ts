// Where messages stand while dialogs are open: above all of them, and in none that is closed.

import { expect, test, vi } from 'vitest';
import { leaveModal, openModal } from '../../client/dom/top-layer.ts';

test('messages leave a dialog that was closed after it had opened again before the browser said so', () => {
  const region = { parentNode: undefined as unknown, matches: () => false, showPopover: () => {} };
  const place = () => {
    const made = { showModal: () => {}, append: () => void (region.parentNode = made) };
    return made as unknown as HTMLDialogElement;
  };
  const body = place();
  vi.stubGlobal('document', { getElementById: () => region, body });
  const [below, above] = [place(), place()];
  openModal(below);
  openModal(above);
  expect(region.parentNode).toBe(above);
  openModal(above);
  leaveModal(above);
  expect(region.parentNode).toBe(below);
  leaveModal(below);
  leaveModal(below);
  expect(region.parentNode).toBe(body);
});
