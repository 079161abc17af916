import { defineComponent, expose } from 'edgewise/client';

// A component: its module is a chunk, which a page loads when it first shows the component.
defineComponent('rating', () => import('./client/rating.ts'));

// Functions that handlers call by `page.call('screen.width')`.
expose('screen', { width: () => innerWidth });
