import { App, ui } from 'edgewise';

const app = new App({ title: 'Team' });

app.page('/', () => {
  const team = ui.list([{ name: 'Ada', role: 'Engineer' }], 'name');
  const open = ui.state(false);

  ui.column(() => {
    ui.heading('Team', { level: 1 });
    ui.row(() => {
      ui.button('Add Grace', () => team.set({ name: 'Grace', role: 'Admiral' }), { icon: 'plus', color: 'primary' });
      ui.switch('Roles', { value: open });
    });
    ui.each(team, ({ name, role }) =>
      ui.card(() => {
        ui.label(name).classes('font-semibold');
        ui.show(open, () => ui.label(role));
      }),
    );
    const log = ui.column();
    ui.button('Note the size', () => log.add(() => ui.label(`Members: ${team.size}`)));
    ui.button('Clear', () => log.clear(), { variant: 'ghost' });
  }).classes('mx-auto w-full max-w-md p-6');
});

export default app;
