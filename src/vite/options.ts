/** Settings of Cloudflare's Vite plugin that an application may choose. The others follow from its Workers. */
export interface CloudflareOptions {
  /**
   * The port of the debugger during development, from 1 to 65535; `false` for none.
   *
   * @default 9229, or the next free port
   */
  readonly inspectorPort?: number | false;
  /**
   * False never connects bindings to Cloudflare during development, also where a wrangler file marks one as remote.
   *
   * @default true
   */
  readonly remoteBindings?: boolean;
}

/** Options of {@link edgewise}. Each file is relative to the folder of `vite.config.ts`. */
export interface EdgewiseOptions {
  /**
   * The application: its module, whose default export is the `App`, or a wrangler file that names the module.
   *
   * @default 'wrangler.json', 'wrangler.jsonc' or 'wrangler.toml' where there is one, otherwise 'app.ts'
   */
  readonly app?: string;
  /**
   * The compute Workers: a module or a wrangler file. Write several as an object by their service bindings.
   * In a list, each is a wrangler file that the application's own wrangler file binds. `false` for none.
   *
   * @default 'wrangler.compute.toml' (or .json, .jsonc), otherwise 'compute.ts', where there is one
   * @example
   * edgewise({ compute: { COMPUTE: 'compute.ts', MEDIA: 'media.ts' } });
   */
  readonly compute?: string | readonly string[] | Readonly<Record<string, string>> | false;
  /**
   * The author's client module.
   *
   * @default 'client.ts' or 'client.tsx' where there is one
   */
  readonly client?: string;
  /**
   * The style sheet. It begins with `@import "edgewise/styles.css";`.
   *
   * @default 'styles.css' where there is one, otherwise the framework's
   */
  readonly styles?: string;
  /**
   * True binds an R2 bucket for the files of visitors as `FILES`, whose name is that of the application with `-files`. The deployment
   * makes it. Without one, each session stores its files itself, of at most 10 MB each. Where a Worker has a wrangler file, bind the
   * bucket there.
   *
   * @default false
   */
  readonly files?: boolean;
  /**
   * Runs the compute Workers in the application's process during development, which needs less memory. A task that
   * does not yield then stops every page.
   *
   * @default false
   */
  readonly together?: boolean;
  /**
   * Settings of Cloudflare's plugin, which this plugin brings.
   *
   * @default those of that plugin
   */
  readonly cloudflare?: CloudflareOptions;
}
