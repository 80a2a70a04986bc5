import { dataPipeline } from './data-pipeline/pattern';
import { eventDriven } from './event-driven/pattern';
import { genAiRag } from './genai-rag/pattern';
import type { Pattern } from './pattern';
import { webApp } from './web-app/pattern';

/** Every pattern: the one line that a new one adds outside its folder. */
export const PATTERNS: readonly Pattern[] = [eventDriven, dataPipeline, webApp, genAiRag];
