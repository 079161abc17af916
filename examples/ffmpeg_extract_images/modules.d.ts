// What `libav` means: the folder `dist` of @libav.js/variant-webm-vp9, see vite.config.ts.
declare module 'libav/libav-6.10.9.0-webm-vp9.wasm.mjs' {
  const factory: (options: {
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): void;
  }) => Promise<import('./libav.ts').LibAV>;
  export default factory;
}
