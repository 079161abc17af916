import type { ComponentChildren } from 'preact';
import { type LatLng, type MapShape, safeUrl } from '../../../src/protocol/index.ts';
import { colorOf } from '../../dom/index.ts';
import { LibraryView, type Mounted } from '../library.tsx';

type Library = typeof import('../../libraries/leaflet.ts');

export class Leaflet extends LibraryView<'leaflet', Library> {
  protected override load(): Promise<Library> {
    return import('../../libraries/leaflet.ts');
  }

  protected override mount(library: Library, box: HTMLDivElement): Mounted<'leaflet'> {
    const { node, replica } = this.props;
    const { center, zoom, tiles } = this.props.props;
    const map = library.map(box, { zoomControl: false, attributionControl: false });
    // Its own texts are markup.
    const zoomControl = { zoomInText: '+', zoomOutText: '−' };
    map.setView([...center], zoom);
    library.zoom(zoomControl).addTo(map);
    const url = tiles && safeUrl(tiles.url);
    if (url) library.tileLayer(url, { maxZoom: tiles.maxZoom }).addTo(map);
    /** True while the session moves the map. */
    let moving = false;
    map.on('moveend', () => {
      if (moving) return;
      const { lat, lng } = map.getCenter();
      replica.edit(node, 'center', [lat, lng]);
      if (map.getZoom() !== this.props.props.zoom) replica.edit(node, 'zoom', map.getZoom());
    });
    map.on('click', ({ latlng: { lat, lng } }) => replica.emit(node, 'press', [lat, lng]));
    const shown = new Map<
      string,
      { readonly text: string; readonly layer: import('../../libraries/leaflet.ts').Layer }
    >();
    const show = (shapes: readonly MapShape[]) => {
      const wanted = new Map(shapes.map((shape) => [shape.id, JSON.stringify(shape)]));
      for (const [id, { text, layer }] of shown) {
        if (wanted.get(id) === text) continue;
        layer.remove();
        shown.delete(id);
      }
      for (const shape of shapes) {
        if (shown.has(shape.id)) continue;
        const layer = layerOf(library, shape, box).addTo(map);
        layer.on('click', () => replica.emit(node, 'shape', shape.id));
        shown.set(shape.id, { text: JSON.stringify(shape), layer });
      }
    };
    show(this.props.props.shapes);
    const size = new ResizeObserver(() => map.invalidateSize());
    size.observe(box);
    return {
      update: (props, before) => {
        const { lat, lng } = map.getCenter();
        const moved = props.center[0] !== lat || props.center[1] !== lng || props.zoom !== map.getZoom();
        if (moved && (props.center !== before.center || props.zoom !== before.zoom)) {
          moving = true;
          map.setView([...props.center], props.zoom, { animate: false });
          moving = false;
        }
        if (props.shapes !== before.shapes) show(props.shapes);
      },
      end: () => {
        size.disconnect();
        map.remove();
      },
      methods: {
        fitShapes: () => {
          const points = this.props.props.shapes.flatMap(({ at }) => (isPoint(at) ? [at] : at));
          if (points.length > 0)
            map.fitBounds(
              points.map((point) => [...point]),
              { padding: [24, 24] },
            );
        },
      },
    };
  }

  override render(): ComponentChildren {
    const { own, props } = this.props;
    return (
      <div {...own.whole('edgewise-library edgewise-leaflet')} role="region" aria-label={props.label}>
        <div ref={this.box} class="edgewise-library-box" />
        {props.tiles?.attribution && <p class="edgewise-attribution">{props.tiles.attribution}</p>}
        {this.state.problem && <p role="status">{this.state.problem}</p>}
      </div>
    );
  }
}

function isPoint(at: MapShape['at']): at is LatLng {
  return typeof at[0] === 'number';
}

function layerOf(library: Library, shape: MapShape, box: HTMLElement) {
  const { type, at, title, popup, radius = 100 } = shape;
  const color = colorOf(box, shape.color ?? 'primary');
  const points = (isPoint(at) ? [at] : at).map(([lat, lng]): [number, number] => [lat, lng]);
  const [first = [0, 0] as [number, number]] = points;
  const pin = document.createElement('span');
  pin.className = 'edgewise-pin';
  pin.style.color = color;
  const icon = library.divIcon({ html: pin, className: 'edgewise-marker', iconSize: [28, 28], iconAnchor: [14, 28] });
  const layer =
    type === 'marker'
      ? library.marker(first, { icon, ...(title && { title, alt: title }) })
      : type === 'circle'
        ? library.circle(first, { radius, color })
        : type === 'line'
          ? library.polyline(points, { color })
          : library.polygon(points, { color });
  if (popup) {
    const text = document.createElement('p');
    text.textContent = popup;
    layer.bindPopup(text, { closeButton: false });
  }
  return layer;
}
