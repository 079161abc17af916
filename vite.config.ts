// The gallery. `npm run dev` serves it, `npm run build` builds it, `npm start` runs what was built.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { edgewise } from 'edgewise/vite';
import { defineConfig } from 'vite';

export default defineConfig({
  root: path.join(import.meta.dirname, 'examples'),
  build: { outDir: '../dist/gallery', emptyOutDir: true },
  plugins: [
    edgewise({
      app: '../wrangler.toml',
      compute: {
        COMPUTE: '../wrangler.compute.toml',
        MEDIA: '../wrangler.media.toml',
        SCRIPTS: '../wrangler.scripts.toml',
      },
    }),
  ],
  // See examples/ffmpeg_extract_images/vite.config.ts.
  resolve: { alias: { libav: path.dirname(fileURLToPath(import.meta.resolve('@libav.js/variant-webm-vp9'))) } },
});
