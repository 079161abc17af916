import type { Json, JsonObject } from '../json.ts';
import { isObject, noValue, type Rules, type Traits } from './kind.ts';

/** A place on a map, as latitude and longitude in degrees. */
export type LatLng = readonly [latitude: number, longitude: number];

/** What a map shows at a place, or between places. */
export interface MapShape {
  /** Names the shape for handlers, and tells it from others. */
  readonly id: string;
  /** What is drawn: a marker or a circle at one place, a line or an area through several. */
  readonly type: 'marker' | 'circle' | 'line' | 'polygon';
  /** The place, or the places. */
  readonly at: LatLng | readonly LatLng[];
  /** Name of a marker, which the pointer shows. @default none */
  readonly title?: string;
  /** A text that a click shows. @default none */
  readonly popup?: string;
  /** A colour of the theme, or one of CSS. @default 'primary' */
  readonly color?: string;
  /** Radius of a circle, the number of metres. @default 100 */
  readonly radius?: number;
}

/** Elements that a browser draws by a library, which it loads when a page first shows one. */
export interface LibraryKinds {
  /** A chart of ECharts. The data of series I is in `dI.0`, `dI.1` …, 64 values each; the option has their number. Sends `point` for a click on a part of it. */
  echart: {
    readonly option: JsonObject;
    readonly label: string;
    readonly [data: `d${number}.${number}`]: readonly Json[] | undefined;
  };
  /** A figure of Plotly. Trace I is in `tI`. Sends `point` for a click on a point of it. */
  plotly: {
    readonly layout: JsonObject;
    readonly config: JsonObject;
    readonly traces: number;
    readonly label: string;
    readonly [trace: `t${number}`]: JsonObject | undefined;
  };
  /** Lines that grow at the end, by uPlot. Each of `lines` is a point as JSON: x, then one y for each of `names`. */
  linePlot: {
    readonly names: readonly string[];
    readonly label: string;
    readonly time?: boolean;
    readonly lines: readonly string[];
    readonly max: number;
    readonly total: number;
  };
  /** An editor of code. Sends `value` with its text. */
  codemirror: {
    readonly value: string;
    readonly label: string;
    readonly language?: string;
    readonly readonly?: boolean;
    readonly wrap?: boolean;
    readonly maxlength?: number;
  };
  /** A terminal. Each of `lines` is a piece of output. Sends `data` for what is typed and `resize` for its size. */
  xterm: {
    readonly label: string;
    readonly lines: readonly string[];
    readonly max: number;
    readonly total: number;
    readonly readonly?: boolean;
  };
  /** A map. Sends `center` and `zoom` when a person moves it, `press` for a click on it, and `shape` for one on a shape. */
  leaflet: {
    readonly label: string;
    readonly center: LatLng;
    readonly zoom: number;
    readonly tiles?: { readonly url: string; readonly attribution: string; readonly maxZoom: number };
    readonly shapes: readonly MapShape[];
  };
}

export const libraryRules: Rules<LibraryKinds> = {
  echart: { events: ['point'] },
  plotly: { events: ['point'] },
  codemirror: { writes: ['value'] },
  xterm: { events: ['data', 'resize'] },
  leaflet: { writes: ['center', 'zoom'], events: ['press', 'shape'] },
};

const within = (value: Json | undefined, most: number): boolean =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= most;

/** Longitudes grow beyond 180 on a map that a person has turned around the world. */
const isPlace = (value: Json | undefined): boolean =>
  Array.isArray(value) && value.length === 2 && within(value[0], 90) && within(value[1], 100_000);

const isIndex = (value: Json | undefined): boolean => Number.isInteger(value) && (value as number) >= 0;

/** A value at an axis: a number, a category or a date, or none. */
const isAtAxis = (value: Json | undefined): boolean =>
  value === null || Number.isFinite(value) || (typeof value === 'string' && value.length <= 1_000);

const isSize = (value: Json | undefined): boolean =>
  Number.isInteger(value) && within(value, 10_000) && (value as number) > 0;

export const libraryTraits: Traits<LibraryKinds> = {
  echart: {
    texts: ({ label }) => [label],
    checks: {
      point: (value) => {
        if (!isObject(value)) return 'a point is an object';
        const { series, index, name = '' } = value;
        return isIndex(series) && isIndex(index) && typeof name === 'string' && name.length <= 1_000
          ? undefined
          : 'a point has the numbers series and index, and a short name';
      },
    },
  },
  plotly: {
    texts: ({ label }) => [label],
    checks: {
      point: (value) => {
        if (!isObject(value)) return 'a point is an object';
        const { trace, index, x, y } = value;
        return isIndex(trace) && isIndex(index) && isAtAxis(x) && isAtAxis(y)
          ? undefined
          : 'a point has the numbers trace and index, and its values at both axes';
      },
    },
  },
  linePlot: { texts: ({ label, names }) => [label, ...names] },
  codemirror: {
    typed: true,
    checks: {
      value: (value, { readonly, maxlength = 200_000 }) => {
        if (typeof value !== 'string') return 'the value of an editor is text';
        if (readonly) return 'the editor is read-only';
        return value.length > maxlength ? `the editor takes at most ${maxlength} characters` : undefined;
      },
    },
  },
  xterm: {
    checks: {
      data: (value, props) => {
        if (props.readonly) return 'the terminal is read-only';
        return typeof value === 'string' && value.length <= 20_000
          ? undefined
          : 'what is typed is a text of at most 20,000 characters';
      },
      resize: (value) =>
        isObject(value) && isSize(value.cols) && isSize(value.rows)
          ? undefined
          : 'a size has whole numbers cols and rows',
    },
  },
  leaflet: {
    texts: ({ label, shapes }) => [label, ...shapes.map(({ title }) => title)],
    checks: {
      center: (value) => (isPlace(value) ? undefined : 'the centre of a map is a latitude and a longitude'),
      zoom: (value) => (within(value, 30) ? undefined : 'the zoom of a map is a number up to 30'),
      press: (value) => (isPlace(value) ? undefined : 'a place on a map is a latitude and a longitude'),
      shape: (value, { shapes }) =>
        shapes.some(({ id }) => id === value) ? undefined : (noValue(value) ?? 'the map has no such shape'),
    },
  },
};
