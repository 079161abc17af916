// The application of the current folder, built as it is deployed.

import path from 'node:path';
import { type Build, build } from '../build/index.ts';
import { say } from './run.ts';

/**
 * Builds the application of a folder into dist/, with the browser's files of earlier builds for pages that are open.
 *
 * @param environment a name such as `staging`, whose build is beside the one of production.
 */
export async function buildApplication(folder: string, environment?: string): Promise<Build> {
  if (environment !== undefined) process.env.CLOUDFLARE_ENV = environment;
  say(...(environment === undefined ? [] : [`CLOUDFLARE_ENV=${environment}`]), 'vite', 'build');
  const outDir = path.join(folder, environment === undefined ? 'dist' : `.wrangler/deploy-${environment}`);
  return build({ folder, outDir, release: true });
}
