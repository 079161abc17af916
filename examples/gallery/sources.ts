/** The texts of the files of this folder, by their paths, such as `board/page.ts`. */
export const sources: ReadonlyMap<string, string> = new Map(
  Object.entries(
    import.meta.glob<string>(
      [
        '../**/*.{ts,js,json,toml,md,css}',
        '!../gallery/**',
        '!../app.ts',
        '!../env.d.ts',
        '!../**/node_modules/**',
        '!../**/dist/**',
      ],
      { query: '?raw', import: 'default', eager: true },
    ),
  ).map(([path, text]) => [path.replace('../', ''), text]),
);

/** The bytes of the files that are no text, likewise. */
export const films: ReadonlyMap<string, Uint8Array> = new Map(
  Object.entries(
    import.meta.glob<string>(['../**/*.webm', '!../**/node_modules/**', '!../**/dist/**'], {
      query: '?inline',
      import: 'default',
      eager: true,
    }),
  ).map(([path, address]) => {
    const bytes = atob(address.slice(address.indexOf(',') + 1));
    return [path.replace('../', ''), Uint8Array.from(bytes, (byte) => byte.charCodeAt(0))];
  }),
);

/** Returns the text of a file. */
export function sourceOf(path: string): string {
  const text = sources.get(path);
  if (text === undefined) throw new Error(`There is no file examples/${path}.`);
  return text;
}

/** Returns the paths of the files in a folder. */
export function filesIn(folder: string): string[] {
  return [...sources.keys()].filter((path) => path.startsWith(`${folder}/`));
}

/** Returns the paths of the files with code in the folder of an example: its page first, then the rest. */
export function codeIn(folder: string): string[] {
  const code = filesIn(folder).filter((path) => /\.(ts|js)$/.test(path) && !/(\.d|vite\.config)\.ts$/.test(path));
  return code.toSorted((one, other) => Number(other.endsWith('/page.ts')) - Number(one.endsWith('/page.ts')));
}
