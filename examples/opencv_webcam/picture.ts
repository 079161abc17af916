// What is done to a picture: four bytes a pixel for red, green, blue and opacity. Filters change it in place.

/** A picture in memory. */
export interface Picture {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** What can be done to a frame. */
export type Filter = keyof typeof filters;

export const filters = { edges, gray, none: () => {} } satisfies Record<string, (picture: Picture) => void>;

/** Replaces the colours by their brightness. */
function gray(picture: Picture): void {
  paint(picture, brightness(picture));
}

/** Replaces the picture by how much its brightness changes from pixel to pixel: the Sobel operator. */
function edges(picture: Picture): void {
  const light = brightness(picture);
  const row = picture.width;
  const change = light.map((_, pixel) => {
    const column = pixel % row;
    const isInside = column > 0 && column < row - 1 && pixel >= row && pixel < light.length - row;
    if (!isInside) return 0;
    const at = (offset: number) => light[pixel + offset] ?? 0;
    const across = at(1 - row) + 2 * at(1) + at(1 + row) - at(-1 - row) - 2 * at(-1) - at(-1 + row);
    const down = at(row - 1) + 2 * at(row) + at(row + 1) - at(-row - 1) - 2 * at(-row) - at(-row + 1);
    return Math.sqrt(across * across + down * down);
  });
  paint(picture, change);
}

/** Returns the brightness of each pixel, from 0 to 255, as people see it. */
function brightness(picture: Picture): Uint8ClampedArray {
  const light = (pixel: number) => 0.299 * (pixel & 255) + 0.587 * ((pixel >> 8) & 255) + 0.114 * ((pixel >> 16) & 255);
  return new Uint8ClampedArray(pixelsOf(picture).map(light));
}

/** Gives each pixel a shade from 0 for black to 255 for white. */
function paint(picture: Picture, shades: Uint8ClampedArray): void {
  pixelsOf(picture).set(new Uint32Array(shades).map((shade) => 0xff000000 + shade * 0x010101));
}

/** Returns the pixels as one number each, whose last byte is red. */
function pixelsOf({ data }: Picture): Uint32Array {
  return new Uint32Array(data.buffer, data.byteOffset, data.length / 4);
}

/** Returns the size that a JPEG says it has, without decoding it; undefined for anything else. */
export function sizeOf(jpeg: Uint8Array): { readonly width: number; readonly height: number } | undefined {
  const number = (at: number) => ((jpeg[at] ?? 0) << 8) + (jpeg[at + 1] ?? 0);
  if (number(0) !== 0xffd8) return undefined;
  // Segments follow each other, each with its length. The one of the frame has the size.
  for (let at = 2; at < jpeg.length && jpeg[at] === 0xff; at += 2 + number(at + 2)) {
    const kind = jpeg[at + 1] ?? 0;
    const frame = kind >= 0xc0 && kind <= 0xcf && kind !== 0xc4 && kind !== 0xc8 && kind !== 0xcc;
    if (frame) return { height: number(at + 5), width: number(at + 7) };
  }
  return undefined;
}
