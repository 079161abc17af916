import type { MaybeReactive } from '../../reactive/index.ts';
import { Element, type ElementOptions, isReactive, own } from '../element.ts';
import { pageHost } from '../page-host.ts';

/** What `onFrame` receives. */
export interface FrameEvent {
  /** A picture of the camera, as the bytes of a JPEG. */
  readonly frame: Uint8Array;
  /** The element. */
  readonly sender: Camera;
}

/** Options of `ui.camera`. */
export interface CameraOptions extends ElementOptions {
  /** Names the picture for assistive technology. @default 'Camera' */
  readonly label?: string;
  /** Called with one frame at a time. The next one is taken when the handler has ended. @default none: nothing leaves the browser */
  readonly onFrame?: (event: FrameEvent) => unknown;
  /** Most frames in a second, from 1 on. @default 10 */
  readonly rate?: number;
  /** Width of the frames in pixels. @default 640 */
  readonly width?: number;
  /** Quality of the frames, from 0 to 1. @default 0.7 */
  readonly quality?: number;
  /** The camera of a phone: towards the person, or away. @default 'user' */
  readonly facing?: 'user' | 'environment';
  /** False turns the camera off. The browser asks the person when it goes on. @default true */
  readonly active?: MaybeReactive<boolean>;
}

/** The live picture of the visitor's camera. */
export class Camera extends Element {
  constructor(options: CameraOptions = {}) {
    const { label = 'Camera', onFrame, rate = 10, width = 640, quality = 0.7, facing, active = true } = options;
    const page = pageHost.require('ui.camera');
    super(
      'camera',
      own<'camera'>({
        label,
        active: isReactive(active) ? true : (active as boolean),
        ...(onFrame && { frames: { page: page.id, rate, width, quality } }),
        ...(facing && { facing }),
      }),
      options,
    );
    if (isReactive(active)) this.active = active;
    // Not an event of the browser: frames come beside the socket, and none is worth storing.
    if (onFrame)
      this.listen('frame', ({ value }) => onFrame({ frame: value as never, sender: this }), 'parallel', onFrame);
  }

  /** False turns the camera off. Assign a signal or a function to bind it. */
  get active(): boolean {
    return this.get('active');
  }

  set active(active: MaybeReactive<boolean>) {
    this.bind('active', active);
  }
}

/**
 * Shows the live picture of the visitor's camera, and gives frames of it to a handler. Frames go beside the socket, so they delay no
 * click. The next frame is taken when the handler of the last one has ended: the rate adapts to the slowest part, and nothing
 * queues. A hidden page turns the camera off. Without a camera, a text stands in its place.
 *
 * A frame is not stored: a handler that a restart cuts off is not continued.
 *
 * @example
 * ui.camera({
 *   rate: 5,
 *   onFrame: async ({ frame }) => {
 *     brightness.value = await run.cpuBound(tasks.brightness, frame);
 *   },
 * });
 */
export function camera(options?: CameraOptions): Camera {
  return new Camera(options);
}
