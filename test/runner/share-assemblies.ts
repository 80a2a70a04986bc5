import { inject } from 'vitest';
import { shareAssembliesIn } from './assemblies';

declare module 'vitest' {
  interface ProvidedContext {
    /** What global-setup.ts says. */
    assemblies?: string;
  }
}

// Before a test file is imported.
shareAssembliesIn(inject('assemblies'));
