// From a click in a browser to the frame that shows its answer.

import type { Page } from 'playwright-core';

/** The number that the counter page shows: the only text on it that consists of digits. */
type Watched = Window & { painted?: number[] };

/** Has the page note the milliseconds of each click, from the input to the painted count. */
export async function watchClicks(page: Page): Promise<void> {
  await page.evaluate(() => {
    const times: number[] = [];
    (window as Watched).painted = times;
    const count = [...document.querySelectorAll('body *')].find(
      (element) => element.childElementCount === 0 && /^\d+$/.test(element.textContent ?? ''),
    );
    if (!count) throw new Error('The page shows no count.');
    document.addEventListener(
      'click',
      ({ timeStamp }) => {
        const before = count.textContent;
        const observer = new MutationObserver(() => {
          if (count.textContent === before) return;
          observer.disconnect();
          // A message that is posted in a frame arrives after its painting.
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => times.push(performance.now() - timeStamp);
            port2.postMessage(0);
          });
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
      },
      true,
    );
  });
}

/** Clicks a number of times, each after the answer to the one before, and returns the milliseconds. */
export async function clickAndWait(page: Page, clicks: number): Promise<number[]> {
  const box = await page.getByRole('button', { name: 'Count' }).boundingBox();
  if (!box) throw new Error('The page has no button.');
  for (let click = 1; click <= clicks; click++) {
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await page.waitForFunction((wanted) => ((window as Watched).painted?.length ?? 0) >= wanted, click, {
      polling: 20,
    });
  }
  return page.evaluate(() => (window as Watched).painted ?? []);
}
