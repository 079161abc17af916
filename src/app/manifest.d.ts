/** The file that src/cli/build.ts writes for the Worker. `#manifest` in package.json names its path. */
export interface Manifest {
  /** Path of the client's entry module, such as `/_edgewise/client-6T3QJ2AB.js`. */
  readonly client: string;
  /** Paths of the modules that the entry imports at once. The document preloads each. */
  readonly preload: readonly string[];
  /** Path of the style sheet. */
  readonly styles: string;
  /** Path of the licence texts of all bundled packages. */
  readonly licenses: string;
  /** Hash of every file that the browser loads. Two builds with the same hash are interchangeable. */
  readonly build: string;
  /** Hash of all sources, including the Worker's. A new hash means that page functions may have changed. */
  readonly code: string;
  /** Paths of the chunks with one component each, by the name of the source file in client/components. */
  readonly chunks: Readonly<Record<string, string>>;
}

declare const manifest: Manifest;
export default manifest;
