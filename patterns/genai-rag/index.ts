/**
 * The GenAI application: the construct, its stack and its contract.
 *
 * @module groundplan/genai-rag
 */
export { Chunking } from '../../lib/ai/chunking';
export { EmbeddingModel } from '../../lib/ai/embedding-model';
export { GenerationModel } from '../../lib/ai/generation-model';
export { Guardrail } from '../../lib/ai/guardrail';
export { VectorStore } from '../../lib/ai/vector-store';
export * from './contract';
export * from './document-library';
export * from './genai-rag';
export * from './genai-rag-props';
export * from './genai-rag-stack';
export * from './question-answering';
export type { RagEdge } from './rag-edge';
export * from './synced-source';
