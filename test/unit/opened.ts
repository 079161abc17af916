// A page of an application of its own, opened by the test kit, and a click after which the page comes to rest.

import { App, type PageContext } from 'edgewise';
import { type OpenOptions, open, type User } from 'edgewise/testing';

export function opened(build: (page: PageContext) => void, options?: OpenOptions): Promise<User> {
  const app = new App();
  app.page('/', build);
  return open(app, '/', options);
}

export async function click(user: User, name: string): Promise<void> {
  user.find(name).click();
  await user.advance('1s');
}
