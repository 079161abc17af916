import type { Rolldown } from 'vite';
import type { BundledFile } from '../wrangler/index.ts';

/** Returns the files that an environment was built to. */
export function filesOf(environment: string, { output }: Rolldown.RolldownOutput): BundledFile[] {
  return output.map((file) => [`${environment}/${file.fileName}`, file.type === 'chunk' ? file.code : file.source]);
}
