import { edgewise } from 'edgewise/vite';
import { defineConfig } from 'vite';

export default defineConfig({ plugins: [edgewise()] });
