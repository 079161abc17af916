import type { ConnectionStatus } from './connection/index.ts';

/** Milliseconds without an answer before the page shows that it waits, because quicker answers would flicker. */
const quiet = 400;
/** Milliseconds without a connection before the page shows it, because most connections return sooner. */
const patience = 1_500;
/** Milliseconds for which a notice stays. */
const reading = 8_000;

/**
 * Shows the state of the connection: classes on the root element for the styles (`edgewise-pending`, `edgewise-offline`), and one
 * line in a corner for messages.
 */
export class StatusLine {
  readonly #root = document.documentElement;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #away: ReturnType<typeof setTimeout> | undefined;
  #reading: ReturnType<typeof setTimeout> | undefined;
  #notice = '';
  #offline = this.#root.classList.contains('edgewise-offline');
  #pending = 0;
  #trouble: string | undefined;

  show({ state, pending, since, trouble }: ConnectionStatus): void {
    const changed = trouble !== this.#trouble;
    this.#pending = pending;
    this.#trouble = trouble;
    if (this.#offline || changed) this.#write();
    clearTimeout(this.#waiting);
    if (pending === 0 || since === undefined) this.#root.classList.remove('edgewise-pending');
    else {
      const left = Math.max(0, since + quiet - Date.now());
      this.#waiting = setTimeout(() => this.#root.classList.add('edgewise-pending'), left);
    }
    // A session that reports trouble is connected, so the page is not offline.
    if (state === 'live' || state === 'ended' || (state === 'greeting' && trouble !== undefined)) {
      clearTimeout(this.#away);
      this.#away = undefined;
      this.#setOffline(false);
    } else if (!this.#offline) {
      this.#away ??= setTimeout(() => this.#setOffline(true), patience);
    }
  }

  /** Shows a message for a while. With `stays`, it stays until the next one. */
  notice(text: string, stays = false): void {
    clearTimeout(this.#reading);
    this.#notice = text;
    if (!stays) this.#reading = setTimeout(() => this.notice('', true), reading);
    this.#write();
  }

  #setOffline(offline: boolean): void {
    if (offline === this.#offline) return;
    this.#offline = offline;
    this.#root.classList.toggle('edgewise-offline', offline);
    this.#write();
  }

  #write(): void {
    const line = document.getElementById('edgewise-status');
    const text = this.#notice || (this.#offline ? away(this.#pending) : (this.#trouble ?? ''));
    if (line && line.textContent !== text) line.textContent = text;
  }
}

function away(pending: number): string {
  const what = navigator.onLine ? 'Reconnecting …' : 'You are offline.';
  return pending > 0 ? `${what} Your last actions are stored and will be sent.` : what;
}
