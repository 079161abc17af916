import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

export function ItemList({ props, own, children }: ElementProps<'itemList'>): ComponentChildren {
  const { bordered, separator, dense, label } = props;
  const classes = ['edgewise-items'];
  if (bordered) classes.push('edgewise-items-bordered');
  if (separator) classes.push('edgewise-items-separated');
  if (dense) classes.push('edgewise-items-dense');
  return (
    <div role="list" aria-label={label} {...own.whole(classes.join(' '))}>
      {children}
    </div>
  );
}
