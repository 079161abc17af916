/** The text of a file, as Vite gives it. */
declare module '*?raw' {
  const text: string;
  export default text;
}

interface ImportMeta {
  /** The texts, or the addresses with the content, of the files that fit the patterns, by their paths, as Vite gives them. */
  glob<T>(
    patterns: readonly string[],
    options: { query: '?raw' | '?inline'; import: 'default'; eager: true },
  ): Record<string, T>;
}

/** A file as an address that holds its content. */
declare module '*?inline' {
  const address: string;
  export default address;
}
