import { App, run, ui } from 'edgewise';

const app = new App({ title: 'Booking' });

app.page('/', () => {
  const name = ui.state('');
  const mail = ui.state('');
  const seats = ui.state<number | null>(2);
  const booked = ui.list<{ name: string; seats: number }>([]);

  ui.form(
    (form) => {
      ui.input('Name', { value: name, rules: [(text) => text.trim() !== '' || 'Please enter your name'] });
      ui.input('E-mail', {
        value: mail,
        type: 'email',
        rules: [(text) => /^\S+@\S+$/.test(text) || 'This is no address', isFree],
      });
      ui.number('Seats', { value: seats, min: 1, max: 8, rules: [(count) => count !== null || 'How many?'] });
      ui.button('Book', undefined, { submit: true, color: 'primary' }).enable(() => form.valid);
    },
    {
      onSubmit: async ({ sender }) => {
        await run.ioBound(save, name.value, seats.value ?? 1);
        booked.add({ name: name.value, seats: seats.value ?? 1 });
        sender.reset();
      },
    },
  );
  ui.each(booked, (one) => ui.label(`${one.name}: ${one.seats}`));
});

// A rule may ask a service. It returns true, or what is wrong.
async function isFree(address: string) {
  return address !== 'ada@example.com' || 'Somebody has booked with this address';
}

// In your program: a database, or a service.
async function save(_name: string, _seats: number) {}

export default app;
