import { strToU8, zipSync } from 'fflate';
import gallery from '../../package.json?raw';
import { filesIn, films, sourceOf, sources } from './sources.ts';

/** A project that stands alone: its name, which is that of its folder and its Worker, and its files by their paths. */
export interface Project {
  readonly name: string;
  readonly files: ReadonlyMap<string, string | Uint8Array>;
}

/** A page whose module is no project of its own. */
export interface PageModule {
  /** Name of the project. */
  readonly name: string;
  readonly title: string;
  /** The files with its code; what they import comes along. */
  readonly files: readonly string[];
  /** The text of the project's `app.ts`. */
  readonly app: string;
  /** Packages that its elements draw with. @default none */
  readonly packages?: readonly string[];
}

/** Returns the project that a folder of the examples is. */
export function projectInFolder(folder: string): Project {
  const files = filesIn(folder).map((path) => [path.slice(folder.length + 1), sourceOf(path)] as const);
  return { name: folder.replaceAll('_', '-'), files: new Map(files) };
}

/** Returns a project with one page: the modules of the page, and the configuration of the example `hello`. */
export function projectOfPage({ name, title, files, app, packages }: PageModule): Project {
  const all = new Map<string, string | Uint8Array>();
  for (const path of files) addModule(all, path);
  if (all.has('tasks.ts')) all.set('compute.ts', sourceOf('hello/compute.ts'));
  all.set('app.ts', app);
  all.set('vite.config.ts', sourceOf('hello/vite.config.ts'));
  all.set('package.json', packageFile(name, packages));
  all.set(
    'README.md',
    `# ${title}\n\nA page of the gallery of Edgewise as a project: \`npm install\`, then \`npm run dev\`, then \`npm run deploy\`.\n`,
  );
  return { name, files: all };
}

const ignored = 'node_modules\n.wrangler\ndist\n';

/** Returns the project as the bytes of a zip file, with one folder. */
export function zipped({ name, files }: Project): Uint8Array<ArrayBuffer> {
  const entries = [...files, ['.gitignore', ignored] as const].map(([path, text]) => [
    `${name}/${path}`,
    typeof text === 'string' ? strToU8(text) : text,
  ]);
  // Always the same bytes for the same files.
  return zipSync(Object.fromEntries(entries), { mtime: '2026-01-01' }) as Uint8Array<ArrayBuffer>;
}

/** Adds a module, and what it imports from the folder. */
function addModule(all: Map<string, string | Uint8Array>, path: string): void {
  if (all.has(path)) return;
  const text = sourceOf(path);
  all.set(path, text);
  for (const [, to = ''] of text.matchAll(/(?: from |import\()'(\.[^'?]+)/g)) {
    const { pathname } = new URL(to, `file:///${path}`);
    const file = pathname.slice(1);
    const film = films.get(file);
    if (film) all.set(file, film);
    else if (sources.has(file)) addModule(all, file);
  }
}

/** Returns the package.json of a project: that of the example `hello`, with more packages in the versions of the gallery. */
function packageFile(name: string, packages: readonly string[] = []): string {
  const hello = JSON.parse(sourceOf('hello/package.json')) as { dependencies: Record<string, string> };
  const { devDependencies } = JSON.parse(gallery) as { devDependencies: Readonly<Record<string, string>> };
  const added = Object.fromEntries(packages.map((one) => [one, devDependencies[one]]));
  return `${JSON.stringify({ ...hello, name, dependencies: { ...hello.dependencies, ...added } }, null, 2)}\n`;
}
