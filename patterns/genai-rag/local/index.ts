import type { LocalPattern } from '../../../local/cli/local-pattern';
import { GENAI_RAG_DEMO } from './demo';
import { genaiRagTarget } from './fuzz';
import { genAiRagSite } from './start';

/** The GenAI application as it runs locally. */
export const local: LocalPattern = {
  demo: GENAI_RAG_DEMO,
  start: { site: genAiRagSite },
  fuzz: genaiRagTarget,
};
