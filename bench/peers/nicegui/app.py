"""The pages of bench/worker/app.ts, as an author writes them with NiceGUI. The first argument is the port."""

import sys

from nicegui import ui


@ui.page('/counter')
def counter() -> None:
    count = 0

    def click() -> None:
        nonlocal count
        count += 1
        label.text = str(count)

    ui.button('Count', on_click=click)
    label = ui.label('0')
    for i in range(49):
        ui.label(f'Line {i}')


@ui.page('/wire')
def wire() -> None:
    count = 0

    def text() -> None:
        nonlocal count
        count += 1
        label.text = f'Text {count}'

    def tick() -> None:
        bar.value = (bar.value * 100 + 1) % 100 / 100

    def fill() -> None:
        nonlocal count
        count += 1
        with rows:
            rows.clear()
            for i in range(1_000):
                labels[i] = ui.label(f'Row {i} of {count}')

    def row() -> None:
        nonlocal count
        count += 1
        labels[500].text = f'Row 500 of {count}'

    labels: dict[int, ui.label] = {}
    ui.button('Text', on_click=text)
    ui.button('Tick', on_click=tick)
    ui.button('Fill', on_click=fill)
    ui.button('Row', on_click=row)
    label = ui.label('Text 0')
    bar = ui.linear_progress(0, show_value=False)
    rows = ui.column()


@ui.page('/rows')
def rows() -> None:
    items: list[ui.label] = []
    made = 0

    def create(count: int) -> None:
        clear()
        append(count)

    def append(count: int) -> None:
        nonlocal made
        with container:
            for _ in range(count):
                made += 1
                items.append(ui.label(f'Row {made}').classes('bench-row'))

    def update() -> None:
        for item in items[::10]:
            item.text += ' !!!'

    def select() -> None:
        items[1].classes('bench-selected')

    def swap() -> None:
        items[1], items[998] = items[998], items[1]
        items[1].move(target_index=1)
        items[998].move(target_index=998)

    def remove() -> None:
        items.pop(1).delete()

    def clear() -> None:
        container.clear()
        items.clear()

    for count in (1_000, 10_000):
        ui.button(f'Create {count}', on_click=lambda count=count: create(count))
    ui.button('Append 1000', on_click=lambda: append(1_000))
    ui.button('Update', on_click=update)
    ui.button('Select', on_click=select)
    ui.button('Swap', on_click=swap)
    ui.button('Remove', on_click=remove)
    ui.button('Clear', on_click=clear)
    container = ui.column()


ui.run(host='127.0.0.1', port=int(sys.argv[1]), reload=False, show=False)
