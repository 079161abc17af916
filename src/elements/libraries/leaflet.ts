import type { Json, LatLng, MapShape } from '../../protocol/index.ts';
import type { MaybeReactive } from '../../reactive/index.ts';
import { Element, type ElementOptions, isReactive, own, type UiEvent } from '../element.ts';
import { firstOf } from '../first.ts';

/** Options of `ui.leaflet`. */
export interface LeafletOptions extends ElementOptions {
  /** What the map shows, for those who cannot see it. @default 'Map' */
  readonly label?: string;
  /** The middle of the map, as latitude and longitude in degrees. @default [0, 0] */
  readonly center?: LatLng;
  /** The zoom: the number of times that the world is doubled, 0 to about 19. @default 13 */
  readonly zoom?: number;
  /**
   * Where the pictures of the map come from. `new App({ csp: { 'img-src': ['https://tile.example'] } })` has to name their host.
   *
   * @default none
   */
  readonly tiles?: { readonly url: string; readonly attribution?: string; readonly maxZoom?: number };
  /** Markers, circles, lines and polygons. @default none */
  readonly shapes?: MaybeReactive<readonly MapShape[]>;
  /** Handler of a click on the map. @default none */
  readonly onMapClick?: (event: UiEvent<Leaflet> & { readonly at: LatLng }) => unknown;
  /** Handler of a click on a shape. @default none */
  readonly onShapeClick?: (event: UiEvent<Leaflet> & { readonly id: string }) => unknown;
}

/** A map. */
export class Leaflet extends Element {
  constructor(options: LeafletOptions = {}) {
    const { label = 'Map', center = [0, 0], zoom = 13, tiles, shapes = [], onMapClick, onShapeClick } = options;
    const first = firstOf(shapes, []);
    const { url = '', attribution = '', maxZoom = 19 } = tiles ?? {};
    const pictures = tiles && { tiles: { url, attribution, maxZoom } };
    super('leaflet', own<'leaflet'>({ label, center, zoom, shapes: first, ...pictures }), options, label);
    if (isReactive(shapes)) this.shapes = shapes;
    if (onMapClick) {
      const hear = (event: UiEvent) => onMapClick({ ...event, at: event.value as unknown as LatLng, sender: this });
      this.listen('press', hear, 'parallel', onMapClick);
    }
    if (onShapeClick) {
      const hear = (event: UiEvent) => onShapeClick({ ...event, id: String(event.value), sender: this });
      this.listen('shape', hear, 'parallel', onShapeClick);
    }
  }

  /** The middle of the map, as the person or the program set it last. */
  get center(): LatLng {
    return this.get<Json>('center') as unknown as LatLng;
  }

  set center(center: MaybeReactive<LatLng>) {
    this.bind('center', center);
  }

  /** The zoom, the number of times that the world is doubled, as the person or the program set it last. */
  get zoom(): number {
    return this.get('zoom');
  }

  set zoom(zoom: MaybeReactive<number>) {
    this.bind('zoom', zoom);
  }

  /** What the map shows. Assign a signal or a function to bind it. */
  get shapes(): readonly MapShape[] {
    return this.get<Json>('shapes') as unknown as readonly MapShape[];
  }

  set shapes(shapes: MaybeReactive<readonly MapShape[]>) {
    this.bind('shapes', shapes);
  }

  /** Moves the map so that all shapes are seen. */
  fitShapes(): void {
    this.call('fitShapes');
  }
}

/**
 * Shows a map with markers, circles, lines and polygons. The person moves it by mouse, fingers, arrow keys, plus and minus. The
 * application installs the package: `npm install leaflet`.
 *
 * @example
 * ui.leaflet({
 *   center: [51.505, -0.09],
 *   shapes: [{ id: 'office', type: 'marker', at: [51.505, -0.09], title: 'Office' }],
 *   onShapeClick: ({ id }) => ui.notify(id),
 * });
 */
export function leaflet(options?: LeafletOptions): Leaflet {
  return new Leaflet(options);
}
