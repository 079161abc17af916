// Edgewise: the page of bench/worker/app.ts. A click is settled when the session has acknowledged it, and so stored it.

import type { Host } from '../host.ts';
import { visit } from '../visit.ts';
import { until } from '../wait.ts';
import type { Contender } from './contender.ts';

export function edgewise(host: Host): Contender {
  return {
    name: 'Edgewise',
    url: host.url,
    cpu: host.cpu,
    async visit(by = host.url, path = '/counter') {
      const page = await visit(by, path);
      await page.connect();
      let shown = 0;
      page.onshown = (text) => {
        // The text of the label that counts, in a patch or in the whole tree.
        const count = /"text":?,?"?(\d+)"?[\]}]/.exec(text)?.[1];
        if (count !== undefined) shown = Number(count);
      };
      return {
        click: (text) => void page.click(text),
        get onanswer() {
          return page.onpatch as () => void;
        },
        set onanswer(answered: () => void) {
          page.onpatch = answered;
        },
        settled: () => until(() => page.durable === page.clicks),
        get shown() {
          return shown;
        },
        cut: () => page.cut(),
        reconnect: () => page.connect(),
      };
    },
  };
}
