// What the server's first paint needs. The browser's entry point is index.ts, whose lazy components would be in the
// server's build a second time.

import { learn } from '../tree/index.ts';
import { writes } from '../tree/writes.gen.ts';

learn(writes);

export { partsOf } from './abilities.ts';
export { stillView } from './still-view.tsx';
