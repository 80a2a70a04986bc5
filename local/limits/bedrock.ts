import { limitTable } from './limit';

const API = 'docs.aws.amazon.com/bedrock/latest/APIReference';
const CONVERSE = `${API}/API_runtime_Converse.html`;
const MESSAGE = `${API}/API_runtime_Message.html`;
const TOOLS = `${API}/API_runtime_ToolConfiguration.html`;
const INFERENCE = `${API}/API_runtime_InferenceConfiguration.html`;
const GUARDRAIL = `${API}/API_runtime_GuardrailConfiguration.html`;
const RETRIEVE = `${API}/API_agent-runtime_Retrieve.html`;
const FILTER = `${API}/API_agent-runtime_RetrievalFilter.html`;
const START = `${API}/API_agent_StartIngestionJob.html`;
const QUOTAS = 'docs.aws.amazon.com/general/latest/gr/bedrock.html';
const DATA = 'docs.aws.amazon.com/bedrock/latest/userguide/knowledge-base-ds.html';
const INVALID = 'ValidationException';

/** What Converse and ConverseStream refuse, before a model sees it or by the model's own rules. */
export const BEDROCK_RUNTIME_LIMITS = limitTable('Bedrock Runtime', {
  modelId: {
    operation: 'Converse, ConverseStream',
    limit: 'modelId, characters, of letters, digits and : / . _ -',
    min: 1,
    max: 2048,
    error: INVALID,
    source: CONVERSE,
  },
  unknownModel: {
    operation: 'Converse, ConverseStream',
    limit: 'A model or inference profile that does not exist in the Region',
    error: INVALID,
    source: CONVERSE,
  },
  context: {
    operation: 'Converse, ConverseStream',
    limit: 'A request with more tokens than the context window of the model; words are counted here',
    error: INVALID,
    source: CONVERSE,
  },
  roles: {
    operation: 'Converse, ConverseStream',
    limit: 'Messages that do not begin with user, alternate with assistant and end with user',
    error: INVALID,
    source: MESSAGE,
  },
  content: {
    operation: 'Converse, ConverseStream',
    limit: 'Content blocks of a message',
    min: 1,
    error: INVALID,
    source: MESSAGE,
  },
  blockMembers: {
    operation: 'Converse, ConverseStream',
    limit: 'Members of a content block',
    min: 1,
    max: 1,
    error: INVALID,
    source: `${API}/API_runtime_ContentBlock.html`,
  },
  blankText: {
    operation: 'Converse, ConverseStream',
    limit: 'A text in messages, guarded content, tool results or system that is blank',
    error: INVALID,
    source: `${API}/API_runtime_SystemContentBlock.html`,
  },
  qualifiers: {
    operation: 'Converse, ConverseStream',
    limit: 'A qualifier of guarded content other than grounding_source, query and guard_content',
    error: INVALID,
    source: `${API}/API_runtime_GuardrailConverseTextBlock.html`,
  },
  maxTokens: {
    operation: 'Converse, ConverseStream',
    limit: 'inferenceConfig.maxTokens; the upper bound is of the model',
    min: 1,
    error: INVALID,
    source: INFERENCE,
  },
  temperature: {
    operation: 'Converse, ConverseStream',
    limit: 'inferenceConfig.temperature and topP',
    min: 0,
    max: 1,
    error: INVALID,
    source: INFERENCE,
  },
  stopSequences: {
    operation: 'Converse, ConverseStream',
    limit: 'inferenceConfig.stopSequences',
    max: 2500,
    error: INVALID,
    source: INFERENCE,
  },
  stopSequence: {
    operation: 'Converse, ConverseStream',
    limit: 'A stop sequence, characters',
    min: 1,
    error: INVALID,
    source: INFERENCE,
  },
  tools: { operation: 'Converse, ConverseStream', limit: 'toolConfig.tools', min: 1, error: INVALID, source: TOOLS },
  toolName: {
    operation: 'Converse, ConverseStream',
    limit: 'Name of a tool, characters, of letters, digits, _ and -',
    min: 1,
    max: 64,
    error: INVALID,
    source: `${API}/API_runtime_ToolSpecification.html`,
  },
  toolDescription: {
    operation: 'Converse, ConverseStream',
    limit: 'Description of a tool, characters, where there is one',
    min: 1,
    error: INVALID,
    source: `${API}/API_runtime_ToolSpecification.html`,
  },
  toolSchema: {
    operation: 'Converse, ConverseStream',
    limit: 'A schema of a tool whose top level is not of type object',
    error: INVALID,
    source: `${API}/API_runtime_ToolInputSchema.html`,
  },
  toolChoice: {
    operation: 'Converse, ConverseStream',
    limit: 'A toolChoice that is not one of auto, any and tool, or names a tool that is not listed',
    error: INVALID,
    source: `${API}/API_runtime_ToolChoice.html`,
  },
  toolNames: {
    operation: 'Converse, ConverseStream',
    limit: 'Two tools of one name',
    error: INVALID,
    source: TOOLS,
  },
  toolConfig: {
    operation: 'Converse, ConverseStream',
    limit: 'toolUse or toolResult blocks without toolConfig',
    error: INVALID,
    source: TOOLS,
  },
  toolUseId: {
    operation: 'Converse, ConverseStream',
    limit: 'toolUseId, characters, of letters, digits, _ and -',
    min: 1,
    max: 64,
    error: INVALID,
    source: `${API}/API_runtime_ToolUseBlock.html`,
  },
  toolRoles: {
    operation: 'Converse, ConverseStream',
    limit: 'A toolUse in a user message, or a toolResult in an assistant message',
    error: INVALID,
    source: 'docs.aws.amazon.com/bedrock/latest/userguide/tool-use.html',
  },
  toolResults: {
    operation: 'Converse, ConverseStream',
    limit: 'toolUse blocks without their toolResult in the next message, or a toolResult of another',
    error: INVALID,
    source: 'docs.aws.amazon.com/bedrock/latest/userguide/tool-use.html',
  },
  toolStatus: {
    operation: 'Converse, ConverseStream',
    limit: 'A status of a toolResult other than success and error',
    error: INVALID,
    source: `${API}/API_runtime_ToolResultBlock.html`,
  },
  guardrailId: {
    operation: 'Converse, ConverseStream',
    limit: 'guardrailIdentifier, characters, of an id in lower case or an ARN',
    min: 1,
    max: 2048,
    error: INVALID,
    source: GUARDRAIL,
  },
  guardrailVersion: {
    operation: 'Converse, ConverseStream',
    limit: 'A guardrailVersion that is neither DRAFT nor a number of 1 to 8 digits',
    error: INVALID,
    source: GUARDRAIL,
  },
  guardrailMode: {
    operation: 'Converse, ConverseStream',
    limit: 'A trace other than enabled, disabled and enabled_full, or a streamProcessingMode other than sync and async',
    error: INVALID,
    source: GUARDRAIL,
  },
  unknownGuardrail: {
    operation: 'Converse, ConverseStream',
    limit: 'A guardrail, or a version of it, that does not exist',
    error: INVALID,
    source: GUARDRAIL,
  },
});

/** What knowledge bases refuse: questions, and jobs that ingest documents. */
export const KNOWLEDGE_BASE_LIMITS = limitTable('Bedrock Knowledge Bases', {
  unknownBase: {
    operation: 'Retrieve, StartIngestionJob, GetIngestionJob, ListIngestionJobs, GetKnowledgeBaseDocuments',
    limit: 'A knowledge base or data source that does not exist',
    error: 'ResourceNotFoundException',
    source: RETRIEVE,
  },
  query: {
    operation: 'Retrieve',
    limit: 'retrievalQuery.text, characters, not blank',
    min: 1,
    max: 1000,
    error: INVALID,
    source: `${API}/API_agent-runtime_KnowledgeBaseQuery.html`,
  },
  results: {
    operation: 'Retrieve',
    limit: 'numberOfResults',
    min: 1,
    max: 100,
    error: INVALID,
    source: `${API}/API_agent-runtime_KnowledgeBaseVectorSearchConfiguration.html`,
  },
  filterGroup: {
    operation: 'Retrieve',
    limit: 'Filters in andAll or orAll',
    min: 2,
    max: 5,
    error: INVALID,
    source: 'docs.aws.amazon.com/bedrock/latest/userguide/kb-test-config.html',
  },
  filterDepth: {
    operation: 'Retrieve',
    limit: 'Groups of filters, one within the other',
    max: 2,
    error: INVALID,
    source: 'docs.aws.amazon.com/bedrock/latest/userguide/kb-test-config.html',
  },
  filterKey: {
    operation: 'Retrieve',
    limit: 'Key of a filter, characters',
    min: 1,
    max: 200,
    error: INVALID,
    source: `${API}/API_agent-runtime_FilterAttribute.html`,
  },
  filterShape: {
    operation: 'Retrieve',
    limit:
      'A filter without exactly one operator that is known, or with a value of another type than the operator takes',
    error: INVALID,
    source: FILTER,
  },
  clientToken: {
    operation: 'StartIngestionJob',
    limit: 'clientToken, characters, of letters, digits and - between them',
    min: 33,
    max: 256,
    error: INVALID,
    source: START,
  },
  description: {
    operation: 'StartIngestionJob',
    limit: 'description, characters',
    min: 1,
    max: 200,
    error: INVALID,
    source: START,
  },
  runningOfBase: {
    operation: 'StartIngestionJob',
    limit: 'Jobs that run, of a knowledge base and of a data source',
    max: 1,
    error: 'ConflictException',
    source: QUOTAS,
  },
  runningOfAccount: {
    operation: 'StartIngestionJob',
    limit: 'Jobs that run, of the account in the Region',
    max: 5,
    error: 'ServiceQuotaExceededException',
    source: QUOTAS,
  },
  startSeconds: {
    operation: 'StartIngestionJob',
    limit: 'Seconds since the last request: one in ten seconds (0.1 requests per second)',
    min: 10,
    error: 'ThrottlingException',
    source: QUOTAS,
  },
  listed: {
    operation: 'ListIngestionJobs',
    limit: 'maxResults',
    min: 1,
    max: 1000,
    error: INVALID,
    source: `${API}/API_agent_ListIngestionJobs.html`,
  },
  documents: {
    operation: 'GetKnowledgeBaseDocuments',
    limit: 'documentIdentifiers',
    min: 1,
    max: 10,
    error: INVALID,
    source: `${API}/API_agent_GetKnowledgeBaseDocuments.html`,
  },
  documentBytes: {
    operation: 'Ingestion job',
    limit: 'A document, bytes',
    max: 50 * 1024 * 1024,
    effect: 'The document is IGNORED',
    source: DATA,
  },
  metadataBytes: {
    operation: 'Ingestion job',
    limit: 'A metadata file, bytes',
    max: 10 * 1024,
    effect: 'The document is FAILED',
    source: DATA,
  },
});
