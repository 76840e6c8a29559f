// Checks any value against a schema and words each mismatch as a Problem. The one place that knows valibot's issues.
import * as v from 'valibot';
import { DocumentError, type Problem, type ProblemCode } from './problem.ts';

type Issue = v.BaseIssue<unknown>;

/**
 * Dotted path of an issue; list elements that have a `name` go by it.
 */
function issuePath(issue: Issue): string {
  return (issue.path ?? [])
    .map((item) => {
      if (item.type === 'array') {
        const element = item.value as { name?: unknown } | null | undefined;
        if (typeof element === 'object' && element !== null && typeof element.name === 'string' && element.name !== '')
          return element.name;
      }
      return String(item.key);
    })
    .join('.');
}

const shown = (input: unknown): string => {
  const text =
    typeof input === 'number' || input === undefined ? String(input) : (JSON.stringify(input) ?? typeof input);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

function toProblem(issue: Issue): Problem {
  const path = issuePath(issue);
  const received = shown(issue.input);
  if (issue.kind === 'validation') {
    const [code, expected = issue.expected ?? ''] = issue.message.split('|', 2) as [ProblemCode, string?];
    return { path, code, message: `must be ${expected}, but is ${received}`, params: { expected, received } };
  }
  if (issue.expected === 'never') return { path, code: 'unknown_key', message: 'is not a known key', params: {} };
  if (issue.input === undefined) return { path, code: 'required', message: 'is missing', params: {} };
  const expected = issue.expected ?? '';
  if (issue.type === 'variant' || issue.type === 'picklist' || issue.type === 'literal')
    return {
      path,
      code: 'not_one_of',
      message: `must be ${expected}, but is ${received}`,
      params: { expected, received },
    };
  return {
    path,
    code: 'wrong_type',
    message: `must be ${expected}, but is ${received}`,
    params: { expected, received },
  };
}

/**
 * Validates any value against a schema.
 * @throws DocumentError naming `what` and every field that is wrong.
 */
export function parseWith<S extends v.GenericSchema>(schema: S, input: unknown, what: string): v.InferOutput<S> {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  throw new DocumentError(what, result.issues.map(toProblem));
}
