// The old place of the build command, for the `[build]` line of wrangler files written before it moved to src/cli/build.ts.
import { run } from '../src/cli/build.ts';

await run();
