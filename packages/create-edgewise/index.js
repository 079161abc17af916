#!/usr/bin/env node
// `npm create edgewise@latest my-app` is `edgewise new my-app`.

import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const file = require.resolve('edgewise/package.json');
const command = path.resolve(path.dirname(file), require(file).bin.edgewise);
process.argv.splice(2, 0, 'new');
await import(pathToFileURL(command).href);
