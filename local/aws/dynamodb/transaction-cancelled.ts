import { type Limit, refused } from '../../limits/limit';
import { AwsError, type LocalInput } from '../service';

/** Why a write of a transaction was refused; `None` for one that was not. */
export type CancellationReason = LocalInput & { readonly Code: string; readonly Message?: string };

/** The answer to a transaction that was cancelled. @param reasons one for each write, in order */
export function cancelled(limit: Limit, reasons: readonly CancellationReason[]): AwsError {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  const { code } = refused(limit, message);
  return new AwsError(code, message, 400, { CancellationReasons: reasons });
}
