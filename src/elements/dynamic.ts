import { type MaybeReactive, untracked } from '../reactive/index.ts';
import type { TreeNode } from '../tree/index.ts';
import { checkBuild } from './build-given.ts';
import { isReactive } from './element.ts';
import { part } from './part.ts';

/**
 * Shows one part while a condition is true, and optionally another part while it is false. The elements of the other part do not
 * exist. To hide an existing element instead, use `element.show(condition)`.
 *
 * @example
 * const open = ui.state(false);
 * ui.show(open, () => ui.label('Welcome!'), () => ui.label('Closed.'));
 *
 * @param condition a value, a signal of one, or a function that computes it; a truthy value shows the first part.
 * @param build makes the elements of the first part, synchronously.
 * @param otherwise makes the elements of the second part, synchronously. Default nothing.
 */
export function show(condition: MaybeReactive<unknown>, build: () => unknown, otherwise?: () => unknown): void {
  checkBuild('ui.show', build);
  const { node, tree, inside, fragment, reading, follow } = part('ui.show');
  const present = reading('The condition of a ui.show', condition);
  follow(() => {
    let shown: boolean | undefined;
    let made: TreeNode | undefined;
    return (anew) => {
      const holds = Boolean(present());
      untracked(() => {
        const branch = holds ? build : otherwise;
        if (holds !== shown) {
          if (shown !== undefined) tree.clear(node, true);
          shown = holds;
          made = branch && tree.construct(() => fragment(holds ? 'then' : 'else', 0));
        } else if (!anew) return;
        if (made && branch)
          tree.construct(() => tree.rebuild(made as TreeNode, () => inside(made as TreeNode, branch)));
      });
    };
  }, isReactive(condition));
}

/**
 * Builds a part, and rebuilds it whenever something changes that it read while building: a signal, a list, or what an element has.
 * Elements that a rebuild makes again stay in place, with the text that the user typed.
 *
 * @example
 * const sizes = ui.state(['S', 'M']);
 * ui.region(() => {
 *   for (const size of sizes.value) ui.button(size, undefined, { key: size });
 * });
 *
 * @param build makes the elements of the part, synchronously.
 */
export function region(build: () => unknown): void {
  checkBuild('ui.region', build);
  const { node, tree, inside, follow } = part('ui.region', true);
  const run = () => inside(node, build);
  follow(() => {
    let built = false;
    return () => {
      const again = built;
      // Also when it fails: what it made before that is there.
      built = true;
      if (again) tree.rebuild(node, run);
      else tree.construct(run);
    };
  });
}
