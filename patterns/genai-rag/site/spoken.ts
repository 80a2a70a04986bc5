/**
 * Has a screen reader say something at its next pause. Nothing shows: it is on the page already, where its parts came one by
 * one, and no one wants to hear each.
 */
export function speak(text: string): void {
  const region = document.getElementById('spoken');
  if (region !== null) region.textContent = text;
}
