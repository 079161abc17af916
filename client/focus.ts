/** The elements around an element, from the inside out, each with what follows in it. */
export type FocusTrail = readonly (readonly [parent: Element, next: Element | null])[];

/** Renders, and leaves the focus in a sensible place: where it was, also when the element has moved, or on what follows it. */
export function keepFocus(render: () => void): void {
  const focused = document.activeElement as HTMLElement;
  const trail: [Element, Element | null][] = [];
  for (let at: Element | null = focused; at?.parentElement; at = at.parentElement) {
    trail.push([at.parentElement, at.nextElementSibling]);
  }
  render();
  if (trail.length < 2) return;
  if (!focused.isConnected || focused.matches(':disabled,[inert]'))
    import('./refocus.ts').then(
      (chunk) => chunk.refocus(focused, trail),
      () => {}, // Without a network the browser's own choice stays.
    );
  // What has moved it meanwhile, such as a dialog that closes, knows better.
  else if (document.activeElement === document.body) focused.focus({ preventScroll: true });
}
