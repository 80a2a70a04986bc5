import { it } from 'vitest';

it('is one file in a process of vitest; the runner does the rest', () => undefined);
