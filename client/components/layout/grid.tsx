import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

const steps = ['base', 'sm', 'md', 'lg', 'xl'];

/** The templates are variables, so that an author's classes such as `grid-cols-2` win over them. */
export function Grid({ props, own, children }: ElementProps<'grid'>): ComponentChildren {
  const { columns, rows } = props;
  const many = typeof columns === 'object';
  const { style, ...outer } = own.whole(many ? 'edgewise-grid edgewise-grid-steps' : 'edgewise-grid');
  const variables = [
    ...(many ? columns : [columns]).map(
      (each, index) => each !== undefined && `--columns-${steps[index]}:${tracks(each)}`,
    ),
    rows !== undefined && `--rows:${tracks(rows)}`,
  ];
  const all = [...variables, style].filter(Boolean).join(';');
  return (
    <div {...outer} {...(all && { style: all })}>
      {children}
    </div>
  );
}

function tracks(columns: number | string): string {
  return typeof columns === 'number' ? `repeat(${columns},minmax(0,1fr))` : columns;
}
