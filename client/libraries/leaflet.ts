import 'leaflet/dist/leaflet.css';

import { circle, control, divIcon, type Layer, map, marker, polygon, polyline, tileLayer } from 'leaflet';

export { circle, divIcon, type Layer, map, marker, polygon, polyline, tileLayer };
/** The buttons that zoom. */
export const { zoom } = control;
export const missing: string | undefined = undefined;
