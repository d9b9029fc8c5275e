import { asHoldfastError, type ErrorCode, HoldfastError } from "../../model/error.ts";
import type { Issue } from "../../model/issue.ts";

/** What goes to the worker: one task at a time. */
export interface TaskMessage {
  readonly kind: string;
  readonly input: unknown;
}

/** What comes back. */
export type AnswerMessage =
  | { readonly kind: "done"; readonly value: unknown }
  /** The runtime's own limits: the stack, the size of a text. */
  | { readonly kind: "exceeded"; readonly what: string }
  | { readonly kind: "failed"; readonly error: PlainError };

interface PlainError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retry: HoldfastError["retry"];
  readonly hint: string;
  readonly issues: readonly Issue[];
  /** Only for people who look for a defect. */
  readonly cause?: string;
}

export function failedMessage(thrown: unknown): AnswerMessage {
  if (thrown instanceof RangeError) {
    return { kind: "exceeded", what: `more than the runtime can hold (${thrown.message})` };
  }
  const { code, message, retry, hint, issues, cause } = asHoldfastError(thrown);
  const text = cause instanceof Error ? cause.stack ?? cause.message : undefined;
  return { kind: "failed", error: { code, message, retry, hint, issues, ...(text !== undefined && { cause: text }) } };
}

export function errorOf({ code, message, retry, hint, issues, cause }: PlainError): HoldfastError {
  return new HoldfastError(code, message, { retry, hint, issues, cause });
}
