import { parser } from "@prometheus-io/lezer-promql";

/** What one expression says, or where it stops being PromQL. */
export type Query = {
  readonly uses: readonly Use[];
  readonly error?: SyntaxError;
};

/** One selector of an expression. */
export type Use = {
  readonly metric: string;
  /** The labels it is matched by, the metric's own name left out. */
  readonly labels: readonly string[];
};

/** What is wrong, and the text from where it is. */
type SyntaxError = { readonly message: string; readonly at: string };

/** Reads an expression. Selectors that match several metrics by a pattern name none. */
export function readQuery(expression: string): Query {
  const known = queries.get(expression) ?? readNew(expression);
  queries.set(expression, known);
  return known;
}

/** Every environment has the same expressions. */
const queries = new Map<string, Query>();

function readNew(expression: string): Query {
  const uses: Use[] = [];
  let error: SyntaxError | undefined;
  const fail = (message: string, { from }: { from: number }) => {
    error ??= { message, at: expression.slice(from, from + 20).trim() };
  };
  parser.parse(expression).iterate({
    enter({ type, node, from, to }) {
      if (type.isError) fail("it cannot be read", { from });
      if (type.name === "StringLiteral" && !isClosed(expression.slice(from, to))) {
        fail("a text has no closing quote", { from });
      }
      if (type.name === "FunctionCall") {
        const problem = rangeProblem(node, expression);
        if (problem !== undefined) fail(problem, { from });
      }
      if (type.name === "VectorSelector") {
        const use = readSelector(node, expression);
        if (use !== undefined) uses.push(use);
      }
    },
  });
  return error === undefined ? { uses } : { uses: [], error };
}

type SyntaxNode = ReturnType<typeof parser.parse>["topNode"];

function readSelector(selector: SyntaxNode, expression: string): Use | undefined {
  const text = ({ from, to }: SyntaxNode) => expression.slice(from, to);
  const identifier = selector.getChild("Identifier");
  let metric = identifier === null ? undefined : text(identifier);
  const labels: string[] = [];
  for (const matcher of childrenOf(selector.getChild("LabelMatchers"))) {
    if (matcher.name === "QuotedLabelName") {
      metric = unquoted(text(matcher));
      continue;
    }
    const name = matcher.getChild("LabelName") ?? matcher.getChild("QuotedLabelName");
    if (name === null) continue;
    const label = unquoted(text(name));
    const value = matcher.getChild("StringLiteral");
    const isEqual = matcher.getChild("MatchOp")?.getChild("EqlSingle") != null;
    if (label !== "__name__") labels.push(label);
    else if (isEqual && value !== null) metric = unquoted(text(value));
  }
  return metric === undefined ? undefined : { metric, labels };
}

/** Prometheus tells a range from a single value when it parses, which the grammar here leaves out. */
function rangeProblem(call: SyntaxNode, expression: string): string | undefined {
  const identifier = call.getChild("FunctionIdentifier");
  const name = identifier === null ? "" : expression.slice(identifier.from, identifier.to);
  const hasRange = childrenOf(call.getChild("FunctionCallBody")).some(isRange);
  if (hasRange === rangeFunctions.test(name)) return undefined;
  return hasRange
    ? `"${name}" takes single values, and this is a range`
    : `"${name}" takes a range such as "[5m]"`;
}

/** A range stays one in brackets and with an offset. */
function isRange(node: SyntaxNode): boolean {
  if (node.name === "MatrixSelector" || node.name === "SubqueryExpr") return true;
  const isWrapper = ["ParenExpr", "OffsetExpr", "StepInvariantExpr"].includes(node.name);
  return isWrapper && node.firstChild !== null && isRange(node.firstChild);
}

const rangeFunctions =
  /^(rate|irate|increase|delta|idelta|deriv|changes|resets|predict_linear|double_exponential_smoothing|[a-z_]+_over_time)$/;

function childrenOf(parent: SyntaxNode | null): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = parent?.firstChild ?? null; child; child = child.nextSibling) {
    children.push(child);
  }
  return children;
}

function isClosed(literal: string): boolean {
  return literal.length > 1 && literal.at(0) === literal.at(-1);
}

function unquoted(name: string): string {
  return /^["'`]/.test(name) ? name.slice(1, -1) : name;
}
