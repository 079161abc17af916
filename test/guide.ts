// The code in the guide: each block is a copy of a file, or of a region of one. `npm run guide` makes the copies again.
//
//     ```ts code/state/todos.ts          the whole file
//     ```ts code/state/todos.ts#lists    from `// #region lists` to `// #endregion`
//
// Commands (`sh`) and what a program prints (`text`) are no copies.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The folder of the guide. */
export const guideFolder = path.resolve(import.meta.dirname, '../docs/guide');

/** A code block of a chapter. */
export interface Block {
  readonly language: string;
  /** The file and region that it copies; undefined for commands and output. */
  readonly source: string | undefined;
  readonly code: string;
}

const fences = /^```(\w*)(?: (\S+))?\n([\s\S]*?)^```$/gm;

/** The page for language models. Its code is in the folder of the guide, too. */
export const llmsFile = '../../llms.txt';

/** The files of the chapters. */
export function chapterFiles(): string[] {
  return readdirSync(guideFolder).filter((file) => file.endsWith('.md'));
}

/** Returns the text of a chapter. */
export function readChapter(file: string): string {
  return readFileSync(path.join(guideFolder, file), 'utf8');
}

/** Returns the code blocks of a text in Markdown. */
export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(fences)].map(([, language = '', source, code = '']) => ({ language, source, code }));
}

/** Returns a chapter with its blocks as the files have them. @throws {Error} when a file or a region is missing. */
export function withCode(markdown: string): string {
  return markdown.replaceAll(fences, (block, language: string, source: string | undefined) =>
    source === undefined ? block : `\`\`\`${language} ${source}\n${codeOf(source)}\`\`\``,
  );
}

/** Returns the code that a block names, without the marks of regions. */
function codeOf(source: string): string {
  const [file = '', region] = source.split('#');
  const text = readFileSync(path.join(guideFolder, file), 'utf8');
  if (region === undefined) return withoutMarks(text);
  const lines = text.split('\n');
  const begin = lines.findIndex((line) => line.trim().endsWith(`#region ${region}`));
  const end = lines.findIndex((line, at) => at > begin && line.includes('#endregion'));
  if (begin < 0 || end < 0) throw new Error(`${file} has no region ${region}.`);
  const inside = lines.slice(begin + 1, end);
  const indent = Math.min(...inside.filter((line) => line.trim()).map((line) => line.search(/\S/)));
  return withoutMarks(`${inside.map((line) => line.slice(indent)).join('\n')}\n`);
}

function withoutMarks(text: string): string {
  return text.replaceAll(/^.*#(end)?region.*\n/gm, '');
}

if (import.meta.main) {
  for (const file of [...chapterFiles(), llmsFile])
    writeFileSync(path.join(guideFolder, file), withCode(readChapter(file)));
}
