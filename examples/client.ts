// What runs in the browser: `edgewise/vite` finds this module by its name.
import { defineComponent, expose } from 'edgewise/client';

/** Functions that handlers call by `page.call('screen.…')`. */
expose('screen', { size: () => ({ width: innerWidth, height: innerHeight }) });

/** What the page hears by `ui.on`. */
addEventListener('resize', () => {
  document.dispatchEvent(new CustomEvent('gallery-resized', { detail: innerWidth }));
});

/** A component that handlers know by its name. Its module is a chunk of its own. */
defineComponent('signature', () => import('./browser/signature.ts'));
