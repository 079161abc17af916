import type { ComponentChildren } from 'preact';
import { look } from '../../dom/index.ts';
import type { ElementProps } from '../types.ts';

/** Numbers that stand beside the present one. */
const around = 1;

export function Pagination({ node, own, props, replica }: ElementProps<'pagination'>): ComponentChildren {
  const { value, min, max, color, size, label = 'Pages' } = props;
  const classes = look('btn', size ? { size } : {});
  const go = (to: number) => replica.emit(node, 'value', to);
  const button = (text: string, name: string, to: number) => (
    <button
      type="button"
      key={name}
      class={classes}
      aria-label={name}
      disabled={node.props.disabled === true || to < min || to > max}
      onClick={() => go(to)}
    >
      {text}
    </button>
  );
  return (
    <nav {...own.inner} {...own.outer('edgewise-joined')} id={`e${node.id}`} aria-label={label}>
      {button('‹', 'Previous page', value - 1)}
      {pages(value, min, max).map((page, index) =>
        page === undefined ? (
          <span key={`gap${index}`} aria-hidden="true" class={`${classes} btn-disabled`}>
            …
          </span>
        ) : (
          <button
            type="button"
            key={page}
            class={page === value ? look('btn', { color: color ?? 'primary', ...(size && { size }) }) : classes}
            aria-label={`Page ${page}`}
            aria-current={page === value ? 'page' : undefined}
            disabled={node.props.disabled === true}
            onClick={() => go(page)}
          >
            {page}
          </button>
        ),
      )}
      {button('›', 'Next page', value + 1)}
    </nav>
  );
}

/** Returns the pages to show: the first, the last and those around the present one; undefined for a gap. */
export function pages(value: number, min: number, max: number): (number | undefined)[] {
  const shown: (number | undefined)[] = [];
  for (let page = min; page <= max; page++) {
    const near = Math.abs(page - value) <= around;
    // A gap of one page would be as wide as the page.
    const single = page === min + 1 ? value - around === page + 1 : page === max - 1 && value + around === page - 1;
    if (page === min || page === max || near || single) shown.push(page);
    else {
      if (shown.at(-1) !== undefined) shown.push(undefined);
      page = page < value ? Math.max(page, value - around - 1) : max - 1;
    }
  }
  return shown;
}
