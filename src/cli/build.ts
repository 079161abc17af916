// Builds the files that the browser loads: the client (esbuild) and its styles (Tailwind with daisyUI). File names
// contain a hash of the content. dist/manifest.json gives the Worker these names.
//
// It runs at each start and at each rebuild of `wrangler dev`. So it does nothing when no input changed, and it
// rewrites no file with the same content: a watcher sees only real changes. It writes each file under a draft name
// and renames it, the manifest last. So two builds at once, or a killed one, leave a complete tree.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import * as esbuild from 'esbuild';
import type { Manifest } from '../app/manifest.d.ts';
import { generate } from './generate.ts';

const root = path.resolve(import.meta.dirname, '../..');
const dist = path.join(root, 'dist');
const site = path.join(dist, 'client');
const base = '/_edgewise/';

/** Every input of the output: sources, styles with the class names they are made from, and the tools. */
const inputs = ['client', 'src', 'examples', 'package.json', 'package-lock.json'];

/** The content of dist/build.json. `files` belong to this build; open pages may still request the `previous` ones. */
interface Stamp {
  inputs: string;
  files: string[];
  previous: string[];
}

export interface Built {
  manifest: Manifest;
  /** False when no input had changed. */
  fresh: boolean;
}

export async function build(): Promise<Built> {
  generate();
  const digest = await digestOf(inputs);
  const stamp = await readJson<Stamp>(path.join(dist, 'build.json'));
  const last = await readJson<Manifest>(path.join(dist, 'manifest.json'));
  if (stamp && last && stamp.inputs === digest && stamp.files.every((file) => existsSync(path.join(site, file)))) {
    return { manifest: last, fresh: false };
  }

  const [client, styles] = await Promise.all([bundleClient(), compileStyles()]);
  const licenses = await collectLicenses([...client.packages, 'tailwindcss', 'daisyui']);
  const files = new Map<string, string | Uint8Array>([...client.files, styles, licenses]);
  const manifest: Manifest = {
    client: client.entry,
    preload: client.preload,
    styles: styles[0],
    licenses: licenses[0],
    build: hash([...files].flatMap(([name, content]) => [name, content])).slice(0, 12),
    code: digest.slice(0, 12),
    chunks: client.chunks,
  };
  // A browser may cache the file forever, because a name with a hash never changes its content.
  const headers = ['Cache-Control: public, max-age=31536000, immutable', 'X-Content-Type-Options: nosniff'];
  files.set('/_headers', [`${base}*`, ...headers.map((header) => `  ${header}`), ''].join('\n'));

  for (const [name, content] of files) await writeChanged(path.join(site, name), content);
  await writeChanged(path.join(dist, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const names = [...files.keys()].sort();
  const previous = stamp ? (sameList(stamp.files, names) ? stamp.previous : stamp.files) : [];
  await removeOthers(new Set([...names, ...previous]));
  const next: Stamp = { inputs: digest, files: names, previous };
  await writeChanged(path.join(dist, 'build.json'), `${JSON.stringify(next, null, 2)}\n`);
  return { manifest, fresh: true };
}

interface Client {
  files: [name: string, content: Uint8Array][];
  entry: string;
  preload: string[];
  chunks: Record<string, string>;
  /** Names of the packages whose code is in the files. */
  packages: string[];
}

async function bundleClient(): Promise<Client> {
  const outdir = path.join(site, base);
  const result = await esbuild.build({
    absWorkingDir: root,
    entryPoints: { client: 'client/index.tsx' },
    outdir,
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'eof',
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'warning',
  });
  const url = (output: string) => `/${path.relative(site, path.resolve(root, output)).split(path.sep).join('/')}`;
  const { outputs } = result.metafile;
  const entry = Object.keys(outputs).find((output) => outputs[output]?.entryPoint === 'client/index.tsx');
  if (!entry) throw new Error('esbuild reported no output for client/index.tsx; its metafile format may have changed.');

  const chunks: Record<string, string> = {};
  for (const [output, { entryPoint }] of Object.entries(outputs).sort()) {
    if (output === entry || !entryPoint?.startsWith('client/components/')) continue;
    chunks[path.basename(entryPoint).replace(/\.\w+$/, '')] = url(output);
  }
  const preload = new Set<string>();
  const visit = (output: string) => {
    for (const { path: imported, kind } of outputs[output]?.imports ?? []) {
      if (kind !== 'import-statement' || preload.has(imported)) continue;
      preload.add(imported);
      visit(imported);
    }
  };
  visit(entry);
  const files = result.outputFiles.map(({ path: file, contents }): [string, Uint8Array] => [url(file), contents]);
  const packages = new Set(Object.keys(result.metafile.inputs).flatMap((input) => packageOf(input) ?? []));
  return { files: files.sort(), entry: url(entry), preload: [...preload].map(url), chunks, packages: [...packages] };
}

/** Returns the name of the package that a bundled file belongs to, or the innermost one of nested packages. */
function packageOf(input: string): string | undefined {
  return /.*\bnode_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
}

/** Returns the licence texts of the packages, because the licences require them with every copy of the code. */
async function collectLicenses(packages: readonly string[]): Promise<[name: string, text: string]> {
  const sections = [...new Set(packages)].sort().map(async (name) => {
    const folder = path.join(root, 'node_modules', name);
    const { version, license } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as {
      version: string;
      license?: string;
    };
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry));
    if (!file) throw new Error(`The package ${name} is bundled and has no licence file in ${folder}.`);
    const text = (await readFile(path.join(folder, file), 'utf8')).trim();
    return `${name} ${version} (${license ?? 'see below'})\n\n${text}\n`;
  });
  const text = (await Promise.all(sections)).join(`\n${'-'.repeat(80)}\n\n`);
  return [`${base}licenses-${hash([text]).slice(0, 8).toUpperCase()}.txt`, text];
}

async function compileStyles(): Promise<[name: string, css: string]> {
  const cli = packageBin('@tailwindcss/cli', 'tailwindcss');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [cli, '--input', path.join(root, 'client/styles.css'), '--minify'],
    { cwd: root, maxBuffer: 64 * 1024 * 1024 },
  );
  return [`${base}styles-${hash([stdout]).slice(0, 8).toUpperCase()}.css`, stdout];
}

/** Returns the script of a package's command. This Node runs it without a shell or npx. */
export function packageBin(name: string, command: string): string {
  const require = createRequire(import.meta.url);
  const file = path.join(root, 'node_modules', name, 'package.json');
  const bin = (require(file) as { bin?: string | Record<string, string> }).bin;
  const script = typeof bin === 'string' ? bin : bin?.[command];
  if (!script)
    throw new Error(`The package ${name} has no command '${command}'. Run \`npm ci\` to get the pinned one.`);
  return path.join(path.dirname(file), script);
}

async function digestOf(places: string[]): Promise<string> {
  const sum = createHash('sha256');
  for (const place of places) {
    const full = path.join(root, place);
    for (const file of existsSync(full) ? await filesIn(full) : []) {
      sum.update(path.relative(root, file)).update('\0');
      sum.update(await readFile(file)).update('\0');
    }
  }
  return sum.digest('hex');
}

async function filesIn(place: string): Promise<string[]> {
  let entries: import('node:fs').Dirent[];
  try {
    entries = await readdir(place, { recursive: true, withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return [place];
    throw error;
  }
  return (
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      // Skips wrangler's own files beside the wrangler.toml of an example, because they change with each build.
      .filter((file) => !path.relative(place, file).split(path.sep).includes('.wrangler'))
      .sort()
  );
}

function hash(parts: (string | Uint8Array)[]): string {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part).update('\0');
  return sum.digest('hex');
}

async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch {
    return undefined; // The file is absent or of an older format; both mean that a build is needed.
  }
}

async function writeChanged(file: string, content: string | Uint8Array): Promise<void> {
  const bytes = Buffer.from(content as Uint8Array);
  const old = await readFile(file).catch(() => undefined);
  if (old?.equals(bytes)) return;
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.draft`;
  await writeFile(draft, bytes);
  await rename(draft, file);
}

async function removeOthers(keep: Set<string>): Promise<void> {
  for (const file of await filesIn(site)) {
    const name = `/${path.relative(site, file).split(path.sep).join('/')}`;
    if (!keep.has(name) && !name.endsWith('.draft')) await rm(file, { force: true });
  }
}

function sameList(a: string[], b: string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** Runs the command: builds and prints one line. A failed build sets the exit code. */
export async function run(): Promise<void> {
  const began = performance.now();
  try {
    const { manifest, fresh } = await build();
    const ms = Math.round(performance.now() - began);
    console.log(fresh ? `Built ${manifest.build} in ${ms} ms.` : `Build ${manifest.build} is up to date.`);
  } catch (error) {
    // esbuild has already printed its own messages; a failed command carries its output.
    const { errors, stderr, message } = error as { errors?: unknown; stderr?: string; message: string };
    console.error(errors ? 'The client did not build; esbuild says why above.' : stderr || message);
    process.exitCode = 1;
  }
}

if (import.meta.main) await run();
