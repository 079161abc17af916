#!/usr/bin/env node
import module from 'node:module';

// Before anything large is loaded: V8 compiles it once, not at each start. No top-level await, for which the bundler of the
// package would put a second file before each other one. `edgewise new` also runs on a Node that lacks the function.
module.enableCompileCache?.();
const main = import('./main.ts').then((loaded) => loaded.main(process.argv.slice(2)));

main.catch((error: Error) => {
  // A stack helps with a mistake in the command itself, and only there.
  const isBug = error instanceof TypeError || error instanceof ReferenceError || process.env.DEBUG;
  console.error(isBug ? error : error.message);
  process.exitCode = 1;
});
