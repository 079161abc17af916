/** The names of a build's files, for the Worker. `#manifest` is a virtual module of `edgewise/vite`; without it, this file. */
export interface Manifest {
  /** Path of the client's entry module, such as `/_edgewise/client-6T3QJ2AB.js`. */
  readonly client: string;
  /** Paths of the modules that the entry imports at once. The document preloads each. */
  readonly preload: readonly string[];
  /** Path of the style sheet. */
  readonly styles: string;
  /** Paths of the style sheets that the author's client modules import. */
  readonly sheets: readonly string[];
  /** Path of the licence texts of all bundled packages. Empty while Vite serves the modules. */
  readonly licenses: string;
  /** Hash of every file that the browser loads. Two builds with the same hash are interchangeable. */
  readonly build: string;
  /** Hash of the Worker's code. A new hash means that page functions may have changed. */
  readonly code: string;
  /** Paths of the modules of each part of the client that comes on first use, by its name. The document preloads what its page needs. */
  readonly chunks: Readonly<Record<string, readonly string[]>>;
  /** True while Vite serves the modules: it adds styles and a worker of its own to the document. */
  readonly served: boolean;
}

/** The manifest where nothing was built: in plain Node, for the test kit. No browser loads these paths. */
const manifest: Manifest = {
  client: '/_edgewise/client-none.js',
  preload: [],
  styles: '/_edgewise/styles-none.css',
  sheets: [],
  licenses: '/_edgewise/licenses-none.txt',
  build: 'none',
  code: 'none',
  chunks: {},
  served: false,
};

export default manifest;
