// The functions by which an author describes a page. Each call makes an element in the slot of the running code.

export { browser } from './browser.ts';
export { computed } from './computed.ts';
export { list, now, random, state } from './durable-values.ts';
export { region, show } from './dynamic.ts';
export { each } from './each.ts';
export * from './elements.gen.ts';
export { download, file } from './files.ts';
export { jobs } from './jobs-panel.ts';
export { job } from './named-job.ts';
export { navigate } from './navigate.ts';
