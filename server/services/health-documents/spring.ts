/** Spring Boot Actuator health: `components` (Boot 2.2 and later) or `details` (before), nested for groups. */
import { MAX_COMPONENTS, componentList, componentVerdict, detailOf, entriesOf, verdictOfWord, type DialectReader } from "./document.ts";
import { asObject, own, type JsonObject } from "./json.ts";

type Found = { path: string; node: JsonObject };

function childrenOf({ path, node }: Found): Found[] {
  const entries = entriesOf(node, "components") ?? entriesOf(node, "details") ?? [];
  // More than fit into a reading need not be looked at.
  return entries.slice(0, MAX_COMPONENTS).flatMap(([name, value]) => {
    const child = asObject(value);
    return child && verdictOfWord(own(child, "status")) ? [{ path: path === "" ? name : `${path}/${name}`.slice(0, 400), node: child }] : [];
  });
}

function detailOfNode(node: JsonObject): string | null {
  const details = asObject(own(node, "details"));
  return detailOf(own(node, "description"), details && own(details, "error"), details && own(details, "message"));
}

export const readSpring: DialectReader = (document) => {
  const verdict = verdictOfWord(own(document, "status"));
  if (!verdict || !(entriesOf(document, "components") ?? entriesOf(document, "details"))) return null;
  const list = componentList();
  const waiting = childrenOf({ path: "", node: document });
  // Depth first, in the document's order; the nesting limit was enforced before parsing.
  for (let next = waiting.shift(); next && !list.isFull; next = waiting.shift()) {
    const children = childrenOf(next);
    list.add({ name: next.path, verdict: componentVerdict(own(next.node, "status")), detail: detailOfNode(next.node), observedAt: null });
    waiting.unshift(...children);
  }
  return { dialect: "spring", verdict, components: list.items };
};
