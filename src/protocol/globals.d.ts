// The globals of browsers, Workers and Node that shared code may use. Only the project of tsconfig.shared.json reads
// this file, because the other projects have their own, fuller declarations.

declare function setTimeout(fn: () => void, ms?: number): unknown;
declare function clearTimeout(timer: unknown): void;
declare function queueMicrotask(fn: () => void): void;

declare const crypto: {
  getRandomValues<T extends Uint8Array>(bytes: T): T;
};

declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(encoding?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: ArrayBuffer | ArrayBufferView): string;
}
