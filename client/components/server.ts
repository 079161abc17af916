// What the server's first paint needs. The browser's entry point is index.ts, whose lazy components would be in the
// server's build a second time.

import { kindNames, ruleOf } from '../../src/protocol/index.ts';
import { learn } from '../tree/index.ts';

// The server has the rules themselves.
for (const kind of kindNames()) learn({ [kind]: ruleOf(kind).writes ?? [] });

export { partsOf } from './abilities.ts';
export { stillView } from './still-view.tsx';
