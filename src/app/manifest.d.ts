/** What src/cli/build.ts leaves behind for the Worker; `#manifest` in package.json points at the real file. */
export interface Manifest {
  /** Path of the client's entry module, for instance `/_edgewise/client-6T3QJ2AB.js`. */
  readonly client: string;
  /** Paths of the modules the entry imports at once: worth a `<link rel="modulepreload">` each. */
  readonly preload: readonly string[];
  /** Path of the style sheet. */
  readonly styles: string;
  /** Path of the licence texts of all packages whose code is in these files. */
  readonly licenses: string;
  /** A hash of everything the browser loads: two builds with the same one are interchangeable. */
  readonly build: string;
  /** A hash of all sources, the Worker's too: with another one, page functions may have changed. */
  readonly code: string;
  /** Paths of the chunks that hold one kind's component each, by the name of their source file in client/components. */
  readonly chunks: Readonly<Record<string, string>>;
}

declare const manifest: Manifest;
export default manifest;
