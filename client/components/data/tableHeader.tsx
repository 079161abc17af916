import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';
import { sides } from './sides.ts';

export function TableHeader({ node, own, props, children }: ElementProps<'tableHeader'>): ComponentChildren {
  const { text, align, order } = props;
  const side = align && sides[align];
  if (!order) {
    // A column without a name has no header cell.
    if (!text && node.children.length === 0) return <td {...own.whole(side)} />;
    return (
      <th scope="col" {...own.whole(side)}>
        {text || null}
        {children}
      </th>
    );
  }
  return (
    <th scope="col" aria-sort={order} {...own.outer(side)}>
      <button type="button" {...own.inner} id={`e${node.id}`} class="edgewise-sort">
        {text || null}
      </button>
    </th>
  );
}
