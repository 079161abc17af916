import type { User } from '../../src/testing/index.ts';

/** Clicks each button that the page has now and that still can be clicked when its turn comes, and waits after each. */
export async function clickAll(user: User, wait: () => Promise<void>): Promise<void> {
  for (const button of user.find({ kind: 'button' }).all) {
    const hears = Object.hasOwn((button.props.on as object | undefined) ?? {}, 'click');
    if (hears && button.visible && button.enabled && user.browser.get(button.node.id)) button.click();
    await wait();
  }
}
