// What the server's first paint needs. The browser's entry point is index.ts, whose lazy components would be in the
// server's build a second time.

import { safeAttributes } from '../dom/sanitize.ts';
import type { Abilities } from './abilities.ts';

export { partsOf } from './abilities.ts';
export { all } from './all.gen.ts';
export { Renderer } from './node-view.tsx';
export type { ComponentRegistry, Part } from './registry.ts';

/** What first paint needs beside the components. */
export const abilities: Abilities = {
  '+attributes': safeAttributes,
  '+modifiers': false,
  '+methods': false,
  '+edits': false,
};
