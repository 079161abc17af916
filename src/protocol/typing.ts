/**
 * Returns the text that a person means who typed on while the session changed what was typed before. A text that the session only
 * wrote in another way (`1,234` for `1234`) or completed changes nothing. Otherwise what was typed on follows the session's text:
 * after a handler has emptied a field, only the new letters are meant.
 *
 * @param typed the whole text of the field.
 * @param base the number of characters at its beginning that the person has not typed since.
 * @param now what the session has made of these characters.
 */
export function typedOn(typed: string, base: number, now: string): string {
  const before = typed.slice(0, base);
  const [plainBefore, plainNow] = [plain(before), plain(now)];
  const alike = plainBefore === '' ? now.startsWith(before) : plainNow.startsWith(plainBefore);
  return alike ? typed : now + typed.slice(base);
}

function plain(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();
}
