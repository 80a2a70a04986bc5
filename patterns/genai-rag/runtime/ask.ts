import type { Writable } from 'node:stream';
import { BedrockAgentRuntimeClient } from '@aws-sdk/client-bedrock-agent-runtime';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { callTimeouts } from '../../../lib/runtime/call-timeouts';
import { ORIGIN_HEADER } from '../../../lib/runtime/contract';
import { documents } from '../../../lib/runtime/document-client';
import { requiredVariable } from '../../../lib/runtime/environment';
import { logger, metrics } from '../../../lib/runtime/observability';
import { originCheck } from '../../../lib/runtime/origin-check';
import { Problem, problemAnswer } from '../../../lib/runtime/problem';
import {
  type Answer,
  type AnswerEvents,
  HEARTBEAT_SECONDS,
  RagEnvironment,
  type TokenUsage,
  type Turn,
} from '../contract';
import { AdmissionDesk, TooMany } from './admission';
import { AnswerError } from './answer-error';
import { AnswerMetrics } from './answer-metrics';
import { type Answering, answerQuestion } from './answer-question';
import { type Caller, callerOf } from './caller';
import { ConversationsRepository } from './conversations-repository';
import { Model } from './model';
import { type ApiEvent, headerOf, type Question, questionOf } from './question';
import { lambdaStreaming, Response } from './response-stream';
import { Retrieval } from './retrieval';
import { answerSettings } from './settings';
import { requireSingleValues } from './single-values';
import { COMMENT, eventText } from './sse';
import { type Cancel, Deadline, type Timing, WALL_TIME } from './timing';
import { ToolBox } from './tools';

/** Seconds of an answer in one piece: CloudFront and browsers wait for its first byte as long as they would for any. */
const JSON_SECONDS = 25;
/** Milliseconds before the function's own end that an answer ends, to say so and to give back what was reserved. */
const SETTLE_MS = 5000;
const NO_STORE = { 'cache-control': 'no-store' } as const;
const EVENT_STREAM = { 'content-type': 'text/event-stream; charset=utf-8', ...NO_STORE } as const;

/** The part of Lambda's context that matters here. */
export interface AskContext {
  getRemainingTimeInMillis(): number;
}

/** What answers are made with, as the environment says. */
export function answeringFromEnvironment(timing: Timing): Answering {
  const settings = answerSettings();
  const table = { name: requiredVariable(RagEnvironment.conversationsTable), client: documents };
  // HTTP/1.1: a lost connection then ends one answer, and not all that share it.
  const retrieval = new BedrockAgentRuntimeClient({
    maxAttempts: 3,
    requestHandler: new NodeHttpHandler(callTimeouts({ answerMs: 10_000 })),
  });
  // Throttling is met by Model, which knows whether a word was said; a stream has no other end than the deadline.
  const model = new BedrockRuntimeClient({
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler(callTimeouts()),
  });
  return {
    settings,
    timing,
    desk: new AdmissionDesk(table, timing, settings.bounds),
    conversations: new ConversationsRepository(table, timing, settings.bounds),
    retrieval: new Retrieval(retrieval, settings),
    model: new Model(model, settings, timing),
    tools: new ToolBox(settings.tools, undefined, (tool, error) =>
      logger.error('A tool failed', { tool, error: error as Error }),
    ),
  };
}

/** Makes the handler that answers questions, as server-sent events or as JSON. */
export function askHandler(timing: Timing = WALL_TIME, answering: Answering = answeringFromEnvironment(timing)) {
  const verifiers = process.env[RagEnvironment.originVerifiers];
  const check = verifiers === undefined ? undefined : originCheck(verifiers);
  return async (event: ApiEvent, stream: Writable, context: AskContext): Promise<void> => {
    const reply = new Reply(new Response(stream), event.requestContext.requestId, timing);
    try {
      check?.(headerOf(event, ORIGIN_HEADER));
      requireSingleValues(event);
      const caller = callerOf(event);
      const question = questionOf(event);
      reply.streams = question.streams;
      await reply.done(await answered(caller, question, context, reply), () => answering.desk.usage(caller));
    } catch (error) {
      reply.failed(error);
    } finally {
      await reply.end();
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    }
  };

  async function answered(caller: Caller, question: Question, context: AskContext, reply: Reply): Promise<Turn> {
    const { answerSeconds } = answering.settings.bounds;
    const seconds = question.streams ? answerSeconds : Math.min(answerSeconds, JSON_SECONDS);
    const left = context.getRemainingTimeInMillis() - SETTLE_MS;
    const deadline = new Deadline(timing, timing.now() + Math.min(seconds * 1000, left));
    const counted = new AnswerMetrics(metrics, timing);
    const listener = {
      onAdmitted: () => reply.begin(),
      onCharged: (usage: TokenUsage) => {
        reply.charged = usage;
      },
      onTrouble: (error: unknown) => logger.error('The reserved tokens were not released', { error: error as Error }),
      onText: (text: string) => {
        counted.text();
        reply.text(text);
      },
    };
    try {
      return await answerQuestion(answering, caller, question, deadline, listener, counted);
    } finally {
      deadline.end();
    }
  }
}

/** An answer on its way to the client, in the form that it asked for. */
class Reply {
  streams = false;
  /** What the day is charged for though there is no answer. */
  charged: TokenUsage | undefined;
  private saidSomething = false;
  private stopHeartbeat: Cancel = () => {};

  constructor(
    private readonly response: Response,
    private readonly requestId: string,
    private readonly timing: Timing,
  ) {}

  begin(): void {
    if (!this.streams) return;
    this.response.begin({ statusCode: 200, headers: EVENT_STREAM });
    this.response.write(COMMENT);
    this.beat();
  }

  text(text: string): void {
    if (this.streams) this.event('token', { text });
  }

  async done(turn: Turn, usageNow: () => Promise<{ tokens: number; limit: number }>): Promise<void> {
    const { question: _question, at: _at, ...answer } = turn;
    if (!this.streams) {
      this.response.begin({ statusCode: 200, headers: { 'content-type': 'application/json', ...NO_STORE } });
      this.response.write(JSON.stringify(answer satisfies Answer));
      return;
    }
    // No transaction tells what it left behind, so the day's count is read for who shows it.
    const { tokens, limit } = await usageNow();
    const { guardrail, outcome, citations, usage } = answer;
    this.event('citations', { citations });
    this.event('guardrail', { ...guardrail, ...(outcome === 'blocked' && { text: answer.answer }) });
    this.event('usage', { ...usage, dailyTokens: tokens, dailyLimit: limit });
    this.event('done', { turn: answer.turn, outcome });
  }

  /** Before the stream has begun, a refusal has a status of its own; after that it is an event. */
  failed(error: unknown): void {
    if (error instanceof AnswerError) {
      logger.error('An answer failed', { code: error.code, requestId: this.requestId, error: error.cause as Error });
    }
    const { statusCode, headers, body } = problemAnswer(error, this.requestId, logger);
    const problem = JSON.parse(body) as AnswerEvents['error'];
    const charged = this.charged !== undefined && { usage: this.charged };
    if (this.response.hasBegun) {
      const { status, code, detail } = problem;
      const retryable = error instanceof AnswerError ? error.retryable : !(error instanceof Problem);
      this.event('error', { status, code, detail, requestId: this.requestId, retryable, ...charged });
      return;
    }
    const retryAfter = error instanceof TooMany && { 'retry-after': String(error.retryAfter) };
    this.response.begin({ statusCode, headers: { ...headers, ...NO_STORE, ...retryAfter } });
    this.response.write(JSON.stringify({ ...problem, ...charged }));
  }

  async end(): Promise<void> {
    this.stopHeartbeat();
    await this.response.end();
  }

  private event<Name extends keyof AnswerEvents>(name: Name, data: AnswerEvents[Name]): void {
    this.saidSomething = true;
    this.response.write(eventText(name, data));
  }

  /** What stands in the way hangs up on who says nothing for long. */
  private beat(): void {
    this.stopHeartbeat = this.timing.after(HEARTBEAT_SECONDS * 1000, () => {
      if (!this.saidSomething) this.response.write(COMMENT);
      this.saidSomething = false;
      this.beat();
    });
  }
}

/** The handler as Lambda's runtime takes it. */
export function streamedAskHandler() {
  return lambdaStreaming().streamifyResponse(askHandler());
}
