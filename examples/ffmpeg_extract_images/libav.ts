// libav.js is FFmpeg's libraries as WebAssembly: https://github.com/Yahweasel/libav.js. This is the part that video.ts uses.

import factory from 'libav/libav-6.10.9.0-webm-vp9.wasm.mjs';
import code from 'libav/libav-6.10.9.0-webm-vp9.wasm.wasm';

/** A place in the memory of an instance. */
export type Pointer = number;

/** A piece of a stream: a coded picture, for example. */
export interface Packet {
  readonly flags: number;
  readonly pts: number;
}

/** A stream of a file. */
export interface Stream {
  readonly index: number;
  readonly codec_type: number;
  readonly codec_id: number;
  readonly codecpar: Pointer;
  readonly time_base_num: number;
  readonly time_base_den: number;
}

/** An instance of libav.js, with a memory of its own. */
export interface LibAV {
  onread: (device: string) => Promise<void>;
  mkreaderdev(device: string): void;
  ff_reader_dev_send(device: string, bytes: Uint8Array | null, options?: { readonly error: unknown }): void;
  ff_init_demuxer_file(device: string): Promise<readonly [container: Pointer, streams: readonly Stream[]]>;
  ff_read_frame_multi(
    container: Pointer,
    packet: Pointer,
    options: { readonly limit: number },
  ): Promise<readonly [result: number, packets: Readonly<Record<number, readonly Packet[]>>]>;
  ff_init_decoder(
    codec: number,
    config: { readonly codecpar: Pointer },
  ): readonly [codec: Pointer, decoder: Pointer, packet: Pointer, frame: Pointer];
  ff_decode_multi(
    decoder: Pointer,
    packet: Pointer,
    frame: Pointer,
    packets: readonly Packet[],
    config: { readonly copyoutFrame: 'ptr' },
  ): readonly Pointer[];
  ff_copyout_frame_video_packed(frame: Pointer): { readonly data: Uint8Array };
  avcodec_get_name(codec: number): string;
  AVCodecParameters_width(config: Pointer): number;
  AVCodecParameters_height(config: Pointer): number;
  /** Sets an option of FFmpeg by its name. */
  av_opt_set(target: Pointer, name: string, value: string, flags: number): number;
  av_log_set_level(level: number): void;
  av_frame_alloc(): Pointer;
  av_frame_free_js(frame: Pointer): void;
  AVFrame_pts(frame: Pointer): number;
  AVFrame_width(frame: Pointer): number;
  AVFrame_height(frame: Pointer): number;
  AVFrame_format(frame: Pointer): number;
  /** The sizes and pixel formats of both sides, how to scale, and three options that are not used. */
  sws_getContext(...config: number[]): Pointer;
  sws_scale_frame(scaler: Pointer, to: Pointer, from: Pointer): number;
  sws_freeContext(scaler: Pointer): void;
}

/** Most bytes of an instance's memory. A Worker has 128 MB for everything. */
const mostBytes = 80 * 1_048_576;

/** Makes an instance of the module that the Worker was deployed with, because a Worker may compile none. */
export function makeLibAV(): Promise<LibAV> {
  // libav.js would look for Node's files, because a Worker has the global `process` of Node, too.
  Object.assign((globalThis as { process?: object }).process ?? {}, { type: 'renderer' });
  return factory({
    instantiateWasm(imports, done) {
      const instance = new WebAssembly.Instance(code, imports);
      for (const each of Object.values(instance.exports)) if (each instanceof WebAssembly.Memory) limit(each);
      done(instance);
    },
  });
}

/** Lets a memory grow only so far. What libav.js then cannot allocate is an error of that call, and the Worker lives on. */
function limit(memory: WebAssembly.Memory): void {
  const grow = memory.grow.bind(memory);
  memory.grow = (pages) => {
    if (memory.buffer.byteLength + pages * 65_536 > mostBytes) throw new RangeError('The memory is full.');
    return grow(pages);
  };
}
