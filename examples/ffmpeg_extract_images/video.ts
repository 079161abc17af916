// Takes a picture a second out of a WebM. The file is read as a stream, so a long film takes no more memory than a short one.

import type { LibAV, Pointer } from './libav.ts';

/** A picture: four bytes a pixel for red, green, blue and opacity. */
export interface Picture {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** Where to continue. Pictures build on those before them, back to one that is complete: the key. */
export interface Place {
  /** The second of the next picture. */
  readonly second: number;
  /** When the last key is shown, in seconds. */
  readonly key: number;
}

/** A picture, the second at which it is shown, and where to continue after it. */
export interface Shot {
  readonly picture: Picture;
  readonly second: number;
  readonly next: Place;
}

/** Most pixels of a picture: 2,560 x 1,440. A small file may say that it has more than a Worker has memory for. */
const mostPixels = 3_686_400;

/** Numbers of libav.js. */
const codes = { video: 0, key: 1, again: -6, end: -541_478_725, rgba: 26, bilinear: 2, quiet: -8 } as const;

/**
 * Yields the first picture of each second, and after each picture that was decoded the share of the file that was read. A second
 * without a picture of its own has none.
 *
 * @param width most pixels of a picture from left to right.
 * @throws {Error} with a sentence for the person whose file cannot be read.
 */
export async function* shots(
  libav: LibAV,
  file: { readonly size: number; readonly stream: ReadableStream<Uint8Array> },
  { width, from }: { readonly width: number; readonly from: Place },
): AsyncGenerator<number | Shot, void> {
  const reader = file.stream.getReader();
  let read = 0;
  let lost: unknown;
  libav.onread = async (device) => {
    const { value } = await reader.read().catch((error: unknown) => {
      lost = error;
      return { value: undefined };
    });
    read += value?.length ?? 0;
    libav.ff_reader_dev_send(device, value ?? null);
  };
  try {
    const { container, index, tick, decoder, packet, frame } = await openVideo(libav);
    let { second, key } = from;
    for (let ended = false; !ended; ) {
      const [result, packets] = await libav.ff_read_frame_multi(container, packet, { limit: 1 });
      ended = result === codes.end;
      if (lost || (result < 0 && result !== codes.again && !ended)) throw lost ?? new Error(broken(second));
      for (const each of packets[index] ?? []) {
        const time = each.pts * tick;
        if (time < from.key) continue;
        if (each.flags & codes.key) key = time;
        const decode = () => libav.ff_decode_multi(decoder, packet, frame, [each], { copyoutFrame: 'ptr' });
        for (const decoded of sayingWhy(broken(second), decode)) {
          const at = Math.floor(libav.AVFrame_pts(decoded) * tick);
          if (at >= second) {
            second = at + 1;
            yield { picture: scaled(libav, decoded, width), second: at, next: { second, key } };
          }
          libav.av_frame_free_js(decoded);
        }
        yield read / file.size;
      }
    }
    if (second === 0) throw new Error('This begins as a video does, but no picture in it can be read. It is broken.');
  } catch (error) {
    throw lost ?? error;
  } finally {
    await reader.cancel();
  }
}

/** Finds the pictures in the file that `onread` reads, and what decodes them. */
async function openVideo(libav: LibAV) {
  libav.av_log_set_level(codes.quiet);
  libav.mkreaderdev('file');
  const [container, streams] = await libav.ff_init_demuxer_file('file').catch(() => {
    throw new Error('This is no video, or a broken one: it does not begin as a WebM file does.');
  });
  const stream = streams.find(({ codec_type }) => codec_type === codes.video);
  if (!stream) throw new Error('There are no pictures in this file.');
  const [width, height] = [
    libav.AVCodecParameters_width(stream.codecpar),
    libav.AVCodecParameters_height(stream.codecpar),
  ];
  if (width * height > mostPixels) {
    throw new Error(
      `The pictures of this video have ${width} x ${height} pixels. Only at most ${mostPixels.toLocaleString('en')} pixels can be read here.`,
    );
  }
  const codec = libav.avcodec_get_name(stream.codec_id).toUpperCase();
  const [, decoder, packet, frame] = sayingWhy(
    `The pictures of this video are coded as ${codec}. Only VP8 and VP9 can be read here.`,
    () => libav.ff_init_decoder(stream.codec_id, stream),
  );
  libav.av_opt_set(decoder, 'max_pixels', String(mostPixels), 0); // Later pictures can have another size.
  const tick = stream.time_base_num / stream.time_base_den;
  return { container, index: stream.index, tick, decoder, packet, frame };
}

/** Runs a function of libav.js, whose errors are for programmers. */
function sayingWhy<T>(sentence: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    throw new Error(sentence, { cause });
  }
}

function broken(second: number): string {
  return `The video is broken after ${second} seconds.`;
}

/** Copies a picture out of the memory of libav.js, at most so wide. */
function scaled(libav: LibAV, frame: Pointer, most: number): Picture {
  const [fullWidth, fullHeight, format] = [
    libav.AVFrame_width(frame),
    libav.AVFrame_height(frame),
    libav.AVFrame_format(frame),
  ];
  const width = Math.min(most, fullWidth);
  const height = Math.max(1, Math.round((fullHeight * width) / fullWidth));
  const scaler = libav.sws_getContext(
    fullWidth,
    fullHeight,
    format,
    width,
    height,
    codes.rgba,
    codes.bilinear,
    0,
    0,
    0,
  );
  const small = libav.av_frame_alloc();
  libav.sws_scale_frame(scaler, small, frame);
  const data = new Uint8ClampedArray(libav.ff_copyout_frame_video_packed(small).data);
  libav.av_frame_free_js(small);
  libav.sws_freeContext(scaler);
  return { data, width, height };
}
