/**
 * For tools of the GenAI application that you add.
 *
 * @module groundplan/genai-rag/runtime
 */
import * as z from 'zod/mini';
import type { ToolCall } from '../contract';

export type { ToolCall } from '../contract';

/** A call of a tool whose input is what its schema says. */
export interface CheckedToolCall<Input> extends Omit<ToolCall, 'input'> {
  readonly input: Input;
}

/**
 * Makes the handler of a tool that the model may call (`addTool`). The model writes the input, and a document may have talked it into
 * anything: what the schema does not take never reaches your code, and the model is told what is wrong with it. The tenant and the
 * user are of the verified token; look up nothing that is not theirs.
 *
 * @param schema any of zod, and of zod/mini
 * @param respond returns what JSON can say: the model reads it, at most some 6,000 bytes of it
 */
export function tool<Schema extends z.core.$ZodType>(
  schema: Schema,
  respond: (call: CheckedToolCall<z.output<Schema>>) => Promise<unknown>,
) {
  return async ({ tenant, user, input }: ToolCall): Promise<unknown> => {
    const checked = z.safeParse(schema, input);
    if (!checked.success) {
      const problems = checked.error.issues.map(
        ({ path, message }) => `${path.map(String).join('.') || 'input'}: ${message}`,
      );
      return { error: `The input was refused. ${problems.join('; ')}` };
    }
    return respond({ tenant, user, input: checked.data });
  };
}
