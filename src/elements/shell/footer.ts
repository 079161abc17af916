import { Bar, type BarOptions } from './bar.ts';

/**
 * Shows a bar at the bottom of the window. Call it in the page function itself, not in a container.
 *
 * @example
 * ui.footer(() => ui.label('© 2026 Example'), { color: 'neutral' });
 *
 * @param build makes the elements inside, beside each other.
 */
export function footer(build?: () => void, options?: BarOptions): Bar {
  return new Bar('footer', build, options);
}
