/**
 * Runs in the browser: asks the session for the first paint of a page and compares it with the document.
 * Returns the first line that differs; '' when there is none.
 */
export async function compareWithServer(page: string): Promise<string> {
  document.cookie = `edgewise_page=${page}; Path=${location.pathname}; Max-Age=5; SameSite=Lax`;
  // A text could not be parsed here, because the page's policy lets no text become markup.
  const other = await new Promise<Document>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('GET', location.href);
    request.setRequestHeader('accept', 'text/html');
    request.responseType = 'document';
    request.onload = () => resolve(request.responseXML as Document);
    request.onerror = reject;
    request.send();
  });
  const told = JSON.parse(other.getElementById('edgewise-paint')?.textContent ?? '{}') as { paint?: { page: string } };
  if (told.paint?.page !== page) return `The session painted page ${told.paint?.page} instead of ${page}.`;
  const outline = (element: Element, live: boolean): string => {
    const { localName: name } = element;
    // Messages are shown in a corner of the document, and only by code.
    if (element.classList.contains('edgewise-notification')) return '';
    const attributes = [...element.attributes]
      // After a navigation the content has the focus.
      .filter((attribute) => name !== 'main' || !['tabindex', 'style'].includes(attribute.name))
      .filter((attribute) => !['value', 'checked', 'open', 'selected'].includes(attribute.name))
      // A browser writes declarations that were set by code with its own spaces, and measures the bars of the page.
      .map(({ name, value }) => [
        name,
        name === 'style'
          ? value
              .replaceAll(/\s*([:;])\s*/g, '$1')
              .replaceAll(/--edgewise-(header|footer):[^;]*;?/g, '')
              .replace(/;$/, '')
          : value,
      ])
      .filter(([name, value]) => name !== 'style' || value !== '')
      .map(([name, value]) => `${name}=${value}`)
      .sort();
    if (element instanceof HTMLInputElement) {
      const ticked = element.type === 'checkbox' || element.type === 'radio';
      attributes.push(ticked ? `is ${element.checked} ${element.value}` : `is ${element.value}`);
    }
    if (element instanceof HTMLTextAreaElement)
      return `<textarea ${attributes.join(' ')}>${element.value}</textarea>\n`;
    if (name === 'select') attributes.push(`is ${(element as HTMLSelectElement).value}`);
    if (name === 'progress') attributes.push(`is ${(element as HTMLProgressElement).value}`);
    if (name === 'dialog') attributes.push(`is ${(element as HTMLDialogElement).open}`);
    const inside = [...element.childNodes].map((node) =>
      node.nodeType === 1 ? outline(node as Element, live) : JSON.stringify(node.textContent),
    );
    return `<${[name, ...attributes].join(' ')}>${inside.join('')}</${name}>\n`;
  };
  const [here, there] = [document, other].map((one, index) =>
    outline(one.getElementById('edgewise') as HTMLElement, index === 0).split('\n'),
  ) as [string[], string[]];
  const at = here.findIndex((line, index) => line !== there[index]);
  if (at < 0 && here.length === there.length) return '';
  return `shown:   ${here[Math.max(0, at)]}\nsession: ${there[Math.max(0, at)]}`;
}
