/** What a tab remembers with an entry of its history. */
export interface EntryMemory {
  /** The page that the entry shows. */
  readonly page?: string | undefined;
  /** Selector of the focused element when the person left the entry. */
  readonly focus?: string | undefined;
  /** The field in which the person typed when the document went: the selection, and a text that the session does not know. */
  readonly typing?: readonly [name: string, start: number | null, end: number | null, text?: string] | undefined;
  /** Position of the page, from the top and from the left, in pixels. The browser may store another one: that of a page that changed before. */
  readonly scroll?: readonly [top: number, left: number] | undefined;
  /** Positions of scrolled elements, by their number: from the top and from the left, in pixels. */
  readonly scrolled?: readonly (readonly [node: string, top: number, left: number])[] | undefined;
}

/**
 * The present entry of the tab's history. A tab may show one path in several entries, each with a page of its own. The browser
 * stores what is remembered, also across a reload.
 */
export const historyEntry = {
  /** Returns what is remembered with the entry, or with another one. */
  read(state: unknown = stateNow()): EntryMemory {
    return ((state as { edgewise?: EntryMemory } | null | undefined)?.edgewise ?? {}) as EntryMemory;
  },

  /** Adds to what is remembered with the present entry. */
  write(memory: EntryMemory): void {
    const before = stateNow();
    const state = { ...(before as object | null), edgewise: { ...historyEntry.read(before), ...memory } };
    // The first is preferred, because the second one would cancel a navigation that is under way.
    if (window.navigation) navigation.updateCurrentEntry({ state });
    else history.replaceState(state, '');
  },
};

function stateNow(): unknown {
  return window.navigation ? navigation.currentEntry?.getState() : history.state;
}
