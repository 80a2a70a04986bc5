/** Ctrl-C: what was made is still deleted. */
export class Interrupted extends Error {
  constructor() {
    super('Interrupted.');
  }
}
