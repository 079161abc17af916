// Builds the applications that several files of browser tests run, before the files start their servers side by side.

import { build } from '../../src/build/index.ts';
import { generate } from '../../src/cli/generate.ts';
import { requestOf } from '../../src/cli/servers.ts';
import { restful } from './stage.ts';

export default async function setup(): Promise<void> {
  generate();
  await build(requestOf({}));
  await build(requestOf(restful));
  await build(requestOf({ app: 'test/browser/app/wrangler.toml', compute: 'test/browser/app/wrangler.compute.toml' }));
}
