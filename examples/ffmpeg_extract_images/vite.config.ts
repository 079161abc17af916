import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { edgewise } from 'edgewise/vite';
import { defineConfig } from 'vite';

// The package exports only what fetches and compiles its WebAssembly, which a Worker may not. This names its files.
const libav = path.dirname(fileURLToPath(import.meta.resolve('@libav.js/variant-webm-vp9')));

export default defineConfig({
  plugins: [edgewise({ compute: { MEDIA: 'wrangler.media.toml' } })],
  resolve: { alias: { libav } },
});
