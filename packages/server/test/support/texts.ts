import { readdirSync, readFileSync } from "node:fs";
import { parseSync } from "@swc/core";

/** A node of swc's syntax tree. */
interface Node {
  type: string;
  [field: string]: unknown;
}

const placeholder = "{…}";

/** Not texts: module paths, types, queries and keys. */
const skipped = new Set([
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
  "TaggedTemplateExpression",
  "TsLiteralType",
  "TsTypeAnnotation",
  "TsTypeAliasDeclaration",
  "TsInterfaceDeclaration",
]);

/** Texts of the source files below a folder, by file. Markup and values are shown as `{…}`. */
export function textsOf(root: string, isSource: (file: string) => boolean): Record<string, string[]> {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(isSource).sort();
  const entries = files.map((file): [string, string[]] => [file, textsOfFile(`${root}/${file}`)]);
  return Object.fromEntries(entries.filter(([, texts]) => texts.length > 0));
}

function textsOfFile(path: string): string[] {
  const found = new Set<string>();
  const tree = parseSync(readFileSync(path, "utf8"), {
    syntax: "typescript",
    tsx: path.endsWith(".tsx"),
    decorators: true,
  });
  visit(tree as unknown as Node, (text) => {
    const clean = text.replace(/\s+/g, " ").trim();
    if (isText(clean)) found.add(clean);
  });
  return [...found];
}

function visit(node: Node, add: (text: string) => void): void {
  if (skipped.has(node.type) || isQuery(node)) return;
  const text = textOf(node);
  if (text !== undefined) add(text);
  const { key: _, ...rest } = node;
  for (const value of Object.values(rest).flat()) {
    // Arguments and methods are in an object without a type.
    if (isNode(value)) visit(value, add);
    else if (value !== null && typeof value === "object") visit({ type: "", ...value }, add);
  }
}

function textOf(node: Node): string | undefined {
  if (node.type === "StringLiteral") return String(node.value);
  if (node.type === "TemplateLiteral")
    return (node.quasis as { cooked: string }[]).map(({ cooked }) => cooked).join(placeholder);
  if (node.type === "JSXElement" || node.type === "JSXFragment")
    return (node.children as Node[])
      .map((child) => (child.type === "JSXText" ? String(child.value) : placeholder))
      .join("");
  return undefined;
}

const isQuery = ({ type, callee }: Node) =>
  type === "CallExpression" && (callee as { value?: string }).value === "graphql";

const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === "string";

/** Several words, or one that begins with a capital letter. */
function isText(text: string): boolean {
  const words = text.replaceAll(placeholder, "").trim();
  if (/^[A-Z][a-z’]+…?$/.test(words)) return true;
  return /[A-Za-z’,;:.{}…]+ [A-Za-z{]/.test(text) && /[a-z]{2}/.test(words) && !isCode.test(words);
}

/** Statements, selectors, font lists and header values. */
const isCode =
  /^\(?(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|PRAGMA|SHOW|SET|WITH|LEFT|CASE|DISTINCT) |\bIN \(|= :|IS (NOT )?NULL|JOIN|ON (CONFLICT|DUPLICATE)|LIMIT|BEFORE |redis\.call|^[\w-]+(: |; )\S+$|=>|sans-serif|monospace|:enabled|a\[href|input\b.*\[|^th, td|calc\(|max-age/;
