// The author's mistakes while the development server runs: where each one is, once in the terminal and over every open
// page, until it is mended.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { normalizePath, type ViteDevServer } from 'vite';
import { isOwnModule } from './package.ts';
import type { SaveFailure } from './reporter.ts';

/** Which modules a mistake is in: those of the application's Worker, or those of the compute Workers. */
export type Side = 'app' | 'compute';

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What Vite's panel shows. */
interface Mistake {
  readonly message: string;
  readonly stack: string;
  readonly id?: string;
  readonly frame?: string;
  readonly loc?: Place;
}

/** The mistakes that are not mended yet, at most one on each side. */
export class Mistakes {
  readonly #server: ViteDevServer;
  readonly #panel: boolean;
  readonly #open = new Map<Side, Mistake>();

  constructor(server: ViteDevServer) {
    this.#server = server;
    const { hmr } = server.config.server;
    this.#panel = typeof hmr !== 'object' || hmr.overlay !== false;
    server.environments.client.hot.on('vite:client:connect', (_data, page) => {
      const mistake = this.#first;
      if (this.#panel && mistake) page.send('edgewise:mistake', mistake);
    });
  }

  /** The mistake that is shown. Without the application there is nothing to see of the compute Workers. */
  get #first(): Mistake | undefined {
    return this.#open.get('app') ?? this.#open.get('compute');
  }

  has(side: Side): boolean {
    return this.#open.has(side);
  }

  /**
   * Shows a mistake over the pages, and in the terminal unless it was there before.
   *
   * @param quiet true where the terminal has it already.
   */
  show(side: Side, thrown: SaveFailure, quiet = false): void {
    const { root, logger } = this.#server.config;
    const mistake = mistakeOf(thrown, root);
    const before = this.#open.get(side);
    this.#open.set(side, mistake);
    if (this.#panel) this.#server.environments.client.hot.send('edgewise:mistake', this.#first);
    const line = inTerminal(mistake);
    if (!quiet && line !== (before && inTerminal(before))) logger.error(line, { timestamp: true });
  }

  /** Has the pages show what is now there, and the mistake of the other side where there is one. */
  mended(side: Side): void {
    this.#open.delete(side);
    const { hot } = this.#server.environments.client;
    hot.send('edgewise:saved');
    if (this.#panel && this.#first) hot.send('edgewise:mistake', this.#first);
  }
}

function mistakeOf({ name, message, stack = '', id, loc, frame }: SaveFailure, root: string): Mistake {
  const own = ownPlaces(stack, root);
  const [place = importIn(message)] = loc ? [{ ...loc, file: loc.file ?? id ?? '' }] : own;
  return {
    message: stripVTControlCharacters(id === undefined ? `${name}: ${message}` : message),
    stack: own.map(({ file, line, column }) => `    at ${file}:${line}:${column}`).join('\n'),
    ...(place && { id: place.file, loc: place, frame: frame || frameOf(place) }),
  };
}

/** Returns the places of a stack that are in the author's own files, innermost first. */
function ownPlaces(stack: string, root: string): Place[] {
  const folder = `${normalizePath(root)}/`;
  return [...stack.matchAll(/((?:\/|[a-z]:)[^\s()]*):(\d+):(\d+)\)?$/gim)]
    .map(([, file = '', line, column]) => ({ file: normalizePath(file), line: Number(line), column: Number(column) }))
    .filter(({ file }) => file.startsWith(folder) && !file.includes('/node_modules/') && !isOwnModule(file));
}

/** Returns the place of an import that leads nowhere, of which Vite names the file only. */
function importIn(message: string): Place | undefined {
  const [, wanted = '', file = ''] = /^Failed to load url (\S+) .* in (.+)\. Does the file exist\?/.exec(message) ?? [];
  const lines = linesOf(file);
  const line = lines.findIndex((text) => text.includes(`'${wanted}'`) || text.includes(`"${wanted}"`));
  return line < 0 ? undefined : { file, line: line + 1, column: (lines[line] ?? '').indexOf(wanted) };
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return []; // It was removed meanwhile, or was none.
  }
}

/** Returns the line of a place, with two lines around it and a mark below. */
function frameOf({ file, line, column }: Place): string {
  const source = linesOf(file);
  if (source.length === 0) return '';
  const first = Math.max(1, line - 2);
  const width = String(line + 2).length;
  const lines = source
    .slice(first - 1, line + 2)
    .map((text, index) => `${String(first + index).padEnd(width)} | ${text}`);
  lines.splice(line - first + 1, 0, `${' '.repeat(width)} | ${' '.repeat(Math.max(0, column - 1))}^`);
  return lines.join('\n');
}

function inTerminal({ message, loc, frame }: Mistake): string {
  const place = loc ? `${path.relative(process.cwd(), loc.file)}:${loc.line}:${loc.column} ` : '';
  return [`${place}${message}`, frame].filter(Boolean).join('\n');
}
