import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

/** The area around the table scrolls, so the keyboard can reach it. */
export function Table({ own, props, children }: ElementProps<'table'>): ComponentChildren {
  const { label, sticky, dense } = props;
  const all = children;
  const classes = ['table'];
  if (sticky) classes.push('table-pin-rows');
  if (dense) classes.push('table-xs');
  return (
    <div {...own.whole('edgewise-table')}>
      <div class="edgewise-table-area" role="region" aria-label={label ?? 'Table'} tabIndex={0}>
        <table class={classes.join(' ')} aria-label={label}>
          <thead>{all[0]}</thead>
          <tbody>{all.slice(1, -1)}</tbody>
        </table>
      </div>
      {all.length > 1 && all.at(-1)}
    </div>
  );
}
