/**
 * Checks in the manifest: below their service, named within it. The parameters of each kind stand beside the rules of the
 * check, in one flat mapping. The table of parameters is typed against the server's own, so a new one cannot be forgotten.
 */
import type { SeaworthyClient } from "../../index.ts";
import type { Data, Fields } from "../document.ts";
import { boolean, list, mapping, number, readFields, text, withoutDefaults, wordOf, type Report, type Shape } from "../fields.ts";
import { addressProblem, fillIn, hasReference, maskAddress, SECRET_MASK } from "../secrets.ts";
import type { Env, Item, Section } from "../section.ts";
import { fetchDefinitions, servicesOf } from "./services.ts";

type Config = Parameters<SeaworthyClient["services"]["addCheck"]["mutate"]>[0]["config"];
type Kind = Config["kind"];

const RULES: Shape = {
  name: text(),
  kind: text(),
  intervalSeconds: number(30),
  timeoutMs: number(5_000),
  failuresBeforeDown: number(2),
  successesBeforeUp: number(1),
  isPaused: boolean(false),
};

const PARAMETERS: { [K in Kind]: Record<Exclude<keyof Extract<Config, { kind: K }>, "kind">, Shape[string]> } = {
  http: {
    url: text(),
    method: text("GET"),
    headers: list([]),
    body: text(null),
    expectedStatus: list(["200-299"]),
    maxLatencyMs: number(null),
    bodyContains: text(null),
    jsonPath: mapping(null),
    regex: text(null),
    certificateMinDays: number(null),
    followRedirects: number(5),
    ignoreCertificateErrors: boolean(false),
    readsHealthDocument: boolean(true),
  },
  tcp: { host: text(), port: number() },
  postgres: { connectionString: text(), query: text(null), expect: text(null) },
  redis: { url: text() },
  heartbeat: { pingId: text(null), periodSeconds: number(null), schedule: text(null), timeZone: text("UTC"), graceSeconds: number(300) },
  self: {},
};

/** Parameters that hold an address with credentials in it. */
const ADDRESSES: Partial<Record<Kind, string>> = { postgres: "connectionString", redis: "url" };

const isKind = (value: Data | undefined): value is Kind => typeof value === "string" && Object.hasOwn(PARAMETERS, value);
const shapeOf = (kind: Kind): Shape => ({ ...RULES, ...PARAMETERS[kind] });

type Place = { path: (string | number)[]; report: Report; env: Env };

function fill(value: Data, { path, report, env }: Place): Data {
  return typeof value === "string" ? fillIn(value, env, (name) => report(path, `takes ${name} from the environment, where it is not set`)) : value;
}

/** One header: a secret one must come from the environment or be the mask. */
function readHeader(value: Data, place: Place): Fields {
  const header = readFields(value, { name: text(), value: text(), isSecret: boolean(false) }, place);
  const written = wordOf(header["value"]);
  if (header["isSecret"] === true && written !== SECRET_MASK && !hasReference(written)) place.report([...place.path, "value"], "is secret and stands in clear. Write it as ${NAME} and set NAME in the environment.");
  return { ...header, value: fill(written, { ...place, path: [...place.path, "value"] }) };
}

function readCheck(value: Data, place: Place): Fields {
  const { path, report } = place;
  const given = typeof value === "object" && value !== null && !Array.isArray(value) ? value["kind"] : undefined;
  if (!isKind(given)) {
    report([...path, "kind"], `must be one of ${Object.keys(PARAMETERS).join(", ")}`);
    return {};
  }
  const fields = readFields(value, shapeOf(given), place);
  const address = ADDRESSES[given];
  if (address) {
    const problem = addressProblem(wordOf(fields[address]));
    if (problem) report([...path, address], problem);
    return { ...fields, [address]: fill(fields[address] ?? null, { ...place, path: [...path, address] }) };
  }
  const headers = Array.isArray(fields["headers"]) ? fields["headers"].map((header, index) => readHeader(header, { ...place, path: [...path, "headers", index] })) : [];
  return given === "http" ? { ...fields, headers } : fields;
}

/** What can be compared: secrets as the console shows them. */
function masked(fields: Fields): Fields {
  const kind = fields["kind"];
  const address = isKind(kind) ? ADDRESSES[kind] : undefined;
  if (address) return { ...fields, [address]: maskAddress(wordOf(fields[address])) };
  if (!Array.isArray(fields["headers"])) return fields;
  const headers = (fields["headers"] as Fields[]).map((header) => (header["isSecret"] === true ? { ...header, value: SECRET_MASK } : header));
  return { ...fields, headers };
}

/** The parameters as the console takes them: what is absent stays away. */
function configOf(fields: Fields): Config {
  const kind = fields["kind"] as Kind;
  const given = Object.keys(PARAMETERS[kind]).filter((name) => fields[name] !== null && fields[name] !== undefined);
  return { kind, ...Object.fromEntries(given.map((name) => [name, fields[name]])) } as Config;
}

function rulesOf(fields: Fields) {
  const { name, intervalSeconds, timeoutMs, failuresBeforeDown, successesBeforeUp } = fields as { name: string; intervalSeconds: number; timeoutMs: number; failuresBeforeDown: number; successesBeforeUp: number };
  return { name, intervalSeconds, timeoutMs, failuresBeforeDown, successesBeforeUp };
}

const SEPARATOR = " / ";
const byKey = (a: Item, b: Item) => (a.key < b.key ? -1 : 1);

async function setPaused(client: SeaworthyClient, id: string, isPaused: boolean): Promise<void> {
  await (isPaused ? client.services.pauseCheck : client.services.resumeCheck).mutate({ id });
}

/** What was read with secrets in it, kept beside what is compared. */
const clear = new WeakMap<Fields, Fields>();

export const checks: Section<{ id: string; revision: number; isPaused: boolean }> = {
  name: "services",
  thing: "check",
  isRemovable: true,
  kept: ["pingId"],
  isNamed: (file) => file["services"] !== undefined,
  parse: (file, { report, env }) =>
    servicesOf(file).flatMap((service, index) => {
      const { slug, checks: own } = (service ?? {}) as Fields;
      const seen = new Set<string>();
      return (Array.isArray(own) ? own : []).map((value, at): Item => {
        const place = { path: ["services", index, "checks", at], report, env };
        const fields = readCheck(value, place);
        const name = wordOf(fields["name"]);
        if (seen.has(name)) report([...place.path, "name"], `${name} stands twice in this service`);
        seen.add(name);
        const comparable = masked(fields);
        clear.set(comparable, fields);
        return { key: `${wordOf(slug)}${SEPARATOR}${name}`, fields: comparable };
      });
    }),
  fetch: async (client) =>
    (await fetchDefinitions(client))
      .flatMap((service) =>
        service.checks.map(({ id, revision, config, ...rules }) => {
          const given: Fields = { ...rules, ...(config as unknown as Fields) };
          const fields = Object.fromEntries(Object.entries(shapeOf(config.kind)).map(([name, { absent }]) => [name, given[name] ?? absent ?? null]));
          return { key: `${service.slug}${SEPARATOR}${rules.name}`, fields, handle: { id, revision, isPaused: rules.isPaused } };
        }),
      )
      .toSorted(byKey),
  write: (items, file) => {
    for (const service of servicesOf(file) as Fields[]) {
      const prefix = `${wordOf(service["slug"])}${SEPARATOR}`;
      const own = items.filter(({ key }) => key.startsWith(prefix));
      if (own.length > 0) service["checks"] = own.map(({ fields }) => withoutDefaults(fields, shapeOf(fields["kind"] as Kind)));
    }
  },
  apply: async (client, change) => {
    if (change.action === "remove") {
      await client.services.removeCheck.mutate({ id: change.handle.id });
      return;
    }
    const fields = clear.get(change.wanted) ?? change.wanted;
    const isPaused = fields["isPaused"] === true;
    if (change.action === "create") {
      const slug = change.key.slice(0, change.key.indexOf(SEPARATOR));
      const added = await client.services.addCheck.mutate({ id: slug, ...rulesOf(fields), config: configOf(fields) });
      if (isPaused) await setPaused(client, added.id, true);
      return;
    }
    const { id, revision } = change.handle;
    if (change.changes.some(({ name }) => name !== "isPaused")) await client.services.updateCheck.mutate({ id, revision, ...rulesOf(fields), config: configOf(fields) });
    if (isPaused !== change.handle.isPaused) await setPaused(client, id, isPaused);
  },
};
