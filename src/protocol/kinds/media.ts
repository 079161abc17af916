import type { Json } from '../json.ts';
import type { Markup } from '../markup.ts';
import type { Rules, Traits } from './kind.ts';
import type { Look } from './look.ts';

/** A file in the list of an upload element. */
export interface UploadItem {
  /** The browser's own name of the file, unique in the element. */
  readonly key: string;
  readonly name: string;
  readonly size: number;
  /** Permits the upload; absent when it has ended. */
  readonly ticket?: string;
  /** Bytes of each part but the last. */
  readonly part?: number;
  /** True when the file has arrived. */
  readonly done?: boolean;
  /** Why it was refused, as a sentence. */
  readonly problem?: string;
}

/** Props of a sound and a film. With `reports` they send `time` with seconds. They have the methods `play`, `pause` and `seek`. */
interface Player {
  readonly src: string;
  readonly label?: string;
  readonly controls?: boolean;
  readonly autoplay?: boolean;
  readonly muted?: boolean;
  readonly loop?: boolean;
  readonly reports?: boolean;
}

/** Elements of files, pictures, sound and films. */
export interface MediaKinds {
  /**
   * Sends `offer` with the files that a person has chosen, `cancel` with the key of one, and `cut` with that of one whose
   * document is gone. The session answers in `files`. The bytes go by HTTP, in parts.
   */
  upload: {
    readonly label: string;
    readonly files: readonly UploadItem[];
    readonly multiple?: boolean;
    readonly accept?: string;
    /** What is possible, as a text for people. */
    readonly hint?: string;
    /** True uploads at once, without a button. */
    readonly auto?: boolean;
  } & Pick<Look, 'color'>;
  /** Posts frames as JPEG to `/_edgewise/frame/PAGE/NODE`, the next one after the answer to the last. */
  camera: {
    readonly label: string;
    readonly active: boolean;
    readonly facing?: 'user' | 'environment';
    readonly frames?: {
      readonly page: string;
      readonly rate: number;
      readonly width: number;
      readonly quality: number;
    };
  };
  audio: Player;
  video: Player & { readonly poster?: string; readonly captions?: string };
  /**
   * A picture with SVG on it. Sends `mouse` for each of `events`: its type, x and y in pixels of the picture, button, buttons, and
   * the sum of the keys that are held (Alt 1, Control 2, Meta 4, Shift 8). Another `version` loads it again.
   */
  interactiveImage: {
    readonly src: string;
    readonly alt: string;
    readonly content: readonly Markup[];
    readonly size?: readonly [width: number, height: number];
    readonly events?: readonly string[];
    readonly cross?: string;
    readonly version?: number;
  };
}

export const mediaRules: Rules<MediaKinds> = {
  upload: { events: ['offer', 'cancel', 'cut', 'uploaded', 'uploads', 'refused'] },
  camera: { events: ['frame'] },
  audio: { events: ['time'] },
  video: { events: ['time'] },
  interactiveImage: { events: ['mouse'] },
};

const bySession = () => 'the session itself makes this event';

export const mediaTraits: Traits<MediaKinds> = {
  upload: {
    texts: ({ hint, files }) => [hint, ...files.flatMap(({ name, problem }) => [name, problem])],
    checks: {
      offer: checkOffer,
      cancel: checkKey,
      cut: checkKey,
      uploaded: bySession,
      uploads: bySession,
      refused: bySession,
    },
  },
  camera: { checks: { frame: bySession } },
  audio: { checks: { time: checkTime } },
  video: { checks: { time: checkTime } },
  interactiveImage: {
    checks: {
      mouse(value, { events = [], size = [100_000, 100_000] }) {
        if (!Array.isArray(value) || value.length !== 6) return 'an event has a type and five numbers';
        const [type, x, y, button, buttons, keys] = value as readonly unknown[];
        if (!events.includes(type as string)) return 'nobody listens to events of this type';
        const inside = isWithin(x, size[0]) && isWithin(y, size[1]);
        return inside && isWithin(button, 64) && isWithin(buttons, 64) && isWithin(keys, 15)
          ? undefined
          : 'a point is inside of the picture';
      },
    },
  },
};

function checkKey(value: Json | undefined, { files }: MediaKinds['upload']): string | undefined {
  return files.some(({ key }) => key === value) ? undefined : 'the value is the key of a file in the list';
}

function checkTime(value: Json | undefined, { reports }: Player): string | undefined {
  if (!reports) return 'nobody asked for the position';
  return typeof value === 'number' && value >= 0 && value < 1e9 ? undefined : 'a position is a number of seconds';
}

/** An offer is the name of the batch, and for each file its key, name, type and size. */
function checkOffer(value: Json | undefined): string | undefined {
  const [batch, files] = Array.isArray(value) ? value : [];
  if (!isKey(batch) || !Array.isArray(files) || files.length === 0) return 'an offer has a name and files';
  if (files.length > 200) return 'an offer has at most 200 files';
  const fit = files.every((file) => {
    const [key, name, type, size] = Array.isArray(file) ? (file as readonly unknown[]) : [];
    const texts = typeof name === 'string' && name.length <= 1_000 && typeof type === 'string' && type.length <= 200;
    return isKey(key) && texts && Number.isSafeInteger(size) && (size as number) >= 0;
  });
  return fit ? undefined : 'a file has a key, a name, a type and a size';
}

function isKey(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{8,40}$/.test(value);
}

function isWithin(value: unknown, most: number): boolean {
  return typeof value === 'number' && value >= 0 && value <= most;
}
