import path from 'node:path';
import { buildApplication } from '../application.ts';
import { command } from '../command.ts';
import { lacking } from '../doctor/checks.ts';
import { compressedSize } from '../doctor/facts.ts';

/** `edgewise build`: what `edgewise deploy` deploys. */
export const build = command({
  name: 'build',
  about: 'builds the application and its compute Workers into dist/',
  async run() {
    const { app, computes, fresh, tasks } = await buildApplication(process.cwd());
    for (const { name, config } of [app, ...computes]) {
      const size = (compressedSize(path.dirname(config)) / 1024).toFixed(1);
      console.log(`${name}: ${path.relative('', path.dirname(config))}, ${size} kB compressed`);
    }
    for (const sentence of lacking(tasks.uses, tasks.byBinding)) console.warn(`Warning: ${sentence}`);
    console.log(fresh ? 'Built.' : 'Nothing had changed.');
  },
});
