import { createRequire } from 'node:module';
import path from 'node:path';

/** Returns the script of a package's command. This Node runs it without a shell or npx. */
export function packageBin(name: string, command: string): string {
  const require = createRequire(import.meta.url);
  const file = path.resolve(import.meta.dirname, '../../node_modules', name, 'package.json');
  const bin = (require(file) as { bin?: string | Record<string, string> }).bin;
  const script = typeof bin === 'string' ? bin : bin?.[command];
  if (!script)
    throw new Error(`The package ${name} has no command '${command}'. Run \`npm ci\` to get the pinned one.`);
  return path.join(path.dirname(file), script);
}
