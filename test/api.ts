// The report of the public API: what each entry point exports, with signatures, in docs/api/. `npm run api` rewrites it, and
// test/unit/public.test.ts compares it. API Extractor reads the declarations that `tsc -b` writes, with a TypeScript of its own.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel, type ExtractorMessage } from '@microsoft/api-extractor';
import { kindFiles, lists } from '../src/cli/generate.ts';
import { packageBin } from '../src/cli/package-bin.ts';

const root = path.resolve(import.meta.dirname, '..');
const declarations = path.join(root, '.types/api');
const work = path.join(root, '.types/report');

export interface EntryPoint {
  /** As an application imports it: `edgewise/testing`. */
  readonly name: string;
  /** Its source, from the project's folder. */
  readonly file: string;
  /** The committed report, from the project's folder. */
  readonly report: string;
}

export interface ApiReport {
  readonly text: string;
  /** What is wrong with the entry point: members without a docstring, types that a signature names but nobody can import. */
  readonly problems: readonly string[];
  readonly members: readonly ApiMember[];
}

/** A member of the public API, as its declaration has it. */
export interface ApiMember {
  /** With what it belongs to: `RunOptions.retries`. */
  readonly name: string;
  readonly doc: string;
  readonly optional: boolean;
  /** The types of the property, or of the parameters. */
  readonly types: readonly string[];
}

/** Returns the entry points of package.json. */
export function entryPoints(): EntryPoint[] {
  const { exports } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    exports: Record<string, string>;
  };
  return Object.entries(exports)
    .filter(([, file]) => /\.tsx?$/.test(file))
    .map(([door, file]) => {
      const name = `edgewise${door.slice(1)}`;
      return { name, file: file.slice(2), report: `docs/api/${name.replace('/', '-')}.api.md` };
    });
}

/** Writes the declarations of the entry points, without what is marked `@internal`. */
export function declare(): void {
  rmSync(declarations, { recursive: true, force: true });
  const command = [packageBin('typescript', 'tsc'), '-p', 'tsconfig.api.json'];
  const { status, stdout } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`TypeScript could not declare the entry points:\n${stdout}`);
}

/** Returns the report of an entry point, and its problems. Reads the declarations, see {@link declare}. */
export function apiReport(entry: EntryPoint): ApiReport {
  const id = entry.name.replace('/', '-');
  mkdirSync(work, { recursive: true });
  const model = path.join(work, `${id}.api.json`);
  const problems: string[] = [];
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: path.join(root, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: declarationOf(entry),
      newlineKind: 'lf',
      compiler: { overrideTsconfig: { compilerOptions, files: [declarationOf(entry)] } },
      apiReport: { enabled: true, reportFileName: id, reportFolder: work, reportTempFolder: path.join(work, 'temp') },
      docModel: { enabled: true, apiJsonFilePath: model },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: 'warning' as ExtractorLogLevel } },
        extractorMessageReporting: {
          default: { logLevel: 'warning' as ExtractorLogLevel },
          'ae-undocumented': { logLevel: 'warning' as ExtractorLogLevel },
          // Everything that an entry point exports is public.
          'ae-missing-release-tag': { logLevel: 'none' as ExtractorLogLevel },
        },
        tsdocMessageReporting: { default: { logLevel: 'none' as ExtractorLogLevel } },
      },
    },
  });
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback(message) {
      if (message.logLevel === ExtractorLogLevel.Warning || message.logLevel === ExtractorLogLevel.Error)
        if (isProblem(message)) problems.push(describe(message));
      message.handled = true;
    },
  });
  return {
    text: withoutElements(readFileSync(path.join(work, `${id}.api.md`), 'utf8')),
    problems,
    members: membersOf(JSON.parse(readFileSync(model, 'utf8')) as ModelItem),
  };
}

/** The parts of API Extractor's model that are read here. */
interface ModelItem {
  readonly kind: string;
  readonly name?: string;
  readonly docComment?: string;
  readonly isOptional?: boolean;
  readonly excerptTokens?: readonly { readonly text: string }[];
  readonly propertyTypeTokenRange?: TokenRange;
  readonly parameters?: readonly { readonly parameterTypeTokenRange: TokenRange }[];
  readonly members?: readonly ModelItem[];
}

interface TokenRange {
  readonly startIndex: number;
  readonly endIndex: number;
}

/** Returns the members of a model with their docstrings. */
function membersOf(item: ModelItem, within = ''): ApiMember[] {
  const {
    name,
    docComment = '',
    isOptional = false,
    excerptTokens = [],
    propertyTypeTokenRange,
    parameters = [],
  } = item;
  const isNamed = !['Package', 'EntryPoint', 'Namespace'].includes(item.kind);
  const full = isNamed ? [within, name ?? 'constructor'].filter(Boolean).join('.') : within;
  const ranges = [propertyTypeTokenRange, ...parameters.map((each) => each.parameterTypeTokenRange)];
  const types = ranges.flatMap((range) => {
    const tokens = range && excerptTokens.slice(range.startIndex, range.endIndex);
    return tokens ? [tokens.map(({ text }) => text).join('')] : [];
  });
  const own = isNamed ? [{ name: full, doc: docComment, optional: isOptional, types }] : [];
  return [...own, ...(item.members ?? []).flatMap((member) => membersOf(member, full))];
}

/** Returns the file that declares an entry point. */
export function declarationOf({ file }: EntryPoint): string {
  return path.join(declarations, file.replace(/\.tsx?$/, '.d.ts'));
}

/** Writes how the declarations are read, for tools that take a file, and returns its path. */
export function writeCompilerOptions(): string {
  const file = path.join(declarations, 'tsconfig.json');
  writeFileSync(file, JSON.stringify({ compilerOptions, files: entryPoints().map(declarationOf) }));
  return file;
}

/** How the declarations are read. They stand beside the sources that `#platform` would lead to. */
const compilerOptions = {
  target: 'es2024',
  module: 'esnext',
  moduleResolution: 'bundler',
  allowImportingTsExtensions: true,
  noEmit: true,
  lib: ['es2024', 'esnext'],
  types: ['@cloudflare/workers-types'],
  strict: true,
  skipLibCheck: true,
  customConditions: ['workerd'],
  paths: { '#platform': [path.join(declarations, 'src/platform/workerd.d.ts')] },
};

/** Types that a signature names and nobody imports, each with its reason. */
const unexported: Readonly<Record<string, string>> = {
  KindProps: 'the list of the elements, which grows with each; `Kind` is its keys',
};

function describe({ sourceFilePath, sourceFileLine, messageId, text }: ExtractorMessage): string {
  const place = sourceFilePath ? `${path.relative(root, sourceFilePath)}:${sourceFileLine} ` : '';
  return `${place}${messageId}: ${text}`;
}

function isProblem({ messageId, text }: ExtractorMessage): boolean {
  // The report in the working folder is always a new one.
  if (messageId === 'console-api-report-created' || messageId === 'console-api-report-copied') return false;
  return !(messageId === 'ae-forgotten-export' && Object.hasOwn(unexported, /"(\w+)"/.exec(text)?.[1] ?? ''));
}

/**
 * Returns a report without the elements that are generated from the kinds: a new element touches its kind, its element and its
 * component, and no list. Docstrings and exports of elements are checked all the same.
 */
function withoutElements(report: string): string {
  const generated = new Set<string>();
  for (const [file, text] of lists(kindFiles(), (name) => readFileSync(path.join(root, name), 'utf8'))) {
    if (!file.startsWith('src/elements/')) continue;
    for (const [, names = ''] of text.matchAll(/\{ (.+) \}/g))
      for (const name of names.split(', ')) generated.add(name);
  }
  const declaration = /^(?:export )?(?:class|interface|type|function) (\w+?)(?:_\d+)?\b/m;
  return report
    .split('\n\n')
    .filter((block) => !generated.has(declaration.exec(block)?.[1] ?? ''))
    .map((block) =>
      block.startsWith('declare namespace ui')
        ? block.replaceAll(/^ {8}(\w+),?\n/gm, (line, name) =>
            generated.has(name) ? '' : `${line.trimEnd().replace(',', '')},\n`,
          )
        : block,
    )
    .join('\n\n');
}

if (import.meta.main) {
  declare();
  for (const entry of entryPoints()) {
    const { text, problems } = apiReport(entry);
    mkdirSync(path.join(root, 'docs/api'), { recursive: true });
    writeFileSync(path.join(root, entry.report), text);
    console.log(`${entry.report}: ${problems.length} problems`);
    for (const problem of problems) console.log(`  ${problem}`);
  }
}
