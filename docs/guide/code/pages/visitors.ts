import { App, ui } from 'edgewise';

export const app = new App().page('/visit', (page) => {
  const visits = ui.state(0);
  const here = ui.state(false);
  page.onConnect(() => {
    visits.value++;
    here.value = true;
  });
  page.onDisconnect(() => {
    here.value = false; // no browser has shown the page for 5 seconds
  });
  ui.label(() => `Visit ${visits.value}, ${here.value ? 'here' : 'away'}`);
  ui.label(() => new Date(0).toLocaleString(page.locale, { timeZone: page.timeZone }));
});
