import { Component, type ComponentChildren, createRef } from 'preact';
import { icon } from '../icon.tsx';
import type { ElementProps } from '../types.ts';

/** Milliseconds until the next frame after one that could not be sent. */
const pause = 2_000;

interface State {
  /** Why there is no picture; undefined while there is one. */
  readonly problem: string | undefined;
}

const waiting = 'Waiting for the camera …';
const isOff = 'The camera is off.';

/** The camera is on while the page is visible. One frame at a time is under way. */
export class Camera extends Component<ElementProps<'camera'>, State> {
  override state: State = { problem: this.props.props.active ? waiting : isOff };
  readonly #video = createRef<HTMLVideoElement>();
  #stream: MediaStream | undefined;
  /** Counts the times that the camera was turned on or off, so that what belongs to an earlier time ends. */
  #turn = 0;

  override componentDidMount(): void {
    document.addEventListener('visibilitychange', this.#adapt);
    this.#adapt();
  }

  override componentDidUpdate(): void {
    this.#adapt();
  }

  override componentWillUnmount(): void {
    document.removeEventListener('visibilitychange', this.#adapt);
    this.#off();
  }

  #adapt = (): void => {
    const { props, node } = this.props;
    const wanted = props.active && !document.hidden && !node.props.hidden && !node.props.disabled;
    if (wanted && this.#turn % 2 === 0) void this.#on();
    else if (!wanted && this.#turn % 2 === 1) {
      this.#off();
      this.setState({ problem: isOff });
    }
  };

  async #on(): Promise<void> {
    const turn = ++this.#turn;
    this.setState({ problem: waiting });
    const { facing = 'user', frames } = this.props.props;
    try {
      // Browsers have no cameras on pages without HTTPS.
      if (!navigator.mediaDevices) throw new DOMException('', 'NotFoundError');
      const video = { facingMode: facing, width: { ideal: frames?.width ?? 640 } };
      const stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
      if (turn !== this.#turn) {
        stop(stream);
        return;
      }
      this.#stream = stream;
      if (this.#video.current) this.#video.current.srcObject = stream;
      this.setState({ problem: undefined });
      void this.#send(turn);
    } catch (error) {
      if (turn !== this.#turn) return;
      const denied = (error as DOMException).name === 'NotAllowedError';
      this.setState({ problem: denied ? 'The camera is not allowed in this browser.' : 'There is no camera.' });
    }
  }

  #off(): void {
    if (this.#turn % 2 === 1) this.#turn++;
    if (this.#stream) stop(this.#stream);
    this.#stream = undefined;
    if (this.#video.current) this.#video.current.srcObject = null;
  }

  /** Sends frames, each after the answer to the last one, until the camera is turned off. */
  async #send(turn: number): Promise<void> {
    const canvas = document.createElement('canvas');
    while (turn === this.#turn) {
      const { node, props } = this.props;
      const { frames } = props;
      const video = this.#video.current;
      if (!frames || !video) return;
      const began = performance.now();
      let rest = 1_000 / frames.rate;
      if (video.videoWidth > 0) {
        canvas.width = Math.min(frames.width, video.videoWidth);
        canvas.height = Math.round((canvas.width * video.videoHeight) / video.videoWidth);
        canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
        const body = jpegOf(canvas, frames.quality);
        const sent = await fetch(`/_edgewise/frame/${frames.page}/${node.id}`, { method: 'POST', body }).catch(
          () => undefined,
        );
        if (!sent?.ok) rest = pause;
      }
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, rest - (performance.now() - began))));
    }
  }

  override render(): ComponentChildren {
    const { own, props } = this.props;
    const { problem } = this.state;
    return (
      <div role="group" aria-label={props.label} {...own.whole('edgewise-camera')}>
        <video ref={this.#video} muted autoplay playsInline aria-hidden="true" hidden={problem !== undefined} />
        {problem !== undefined && (
          <p role="status">
            {icon('camera')}
            {problem}
          </p>
        )}
      </div>
    );
  }
}

/** Returns the bytes of a JPEG. Not by `toBlob`, which waits until the browser is idle: beside a film, up to a second. */
function jpegOf(canvas: HTMLCanvasElement, quality: number): Uint8Array<ArrayBuffer> {
  const [, text = ''] = canvas.toDataURL('image/jpeg', quality).split(',');
  return Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0));
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
