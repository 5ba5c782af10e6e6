/**
 * Backup plans in the manifest: what is backed up, when, into which stores and for how long, and how it is proven. Stores
 * are named, not described: they hold credentials of their own and are added on their page. No secret is written: an
 * address keeps its password, and a call its path, behind the console's mask.
 */
import type { SeaworthyClient } from "../../index.ts";
import { ManifestError, type Data, type Fields } from "../document.ts";
import { boolean, list, mapping, number, orOff, readFields, text, withoutDefaults, wordOf, type Shape } from "../fields.ts";
import { addressProblem, fillIn, hasReference, maskAddress, SECRET_MASK } from "../secrets.ts";
import type { Item, ReadingContext, Section } from "../section.ts";

type CreateInput = Parameters<SeaworthyClient["backups"]["create"]["mutate"]>[0];
type Source = CreateInput["source"];
type Detail = Awaited<ReturnType<SeaworthyClient["backups"]["get"]["query"]>>;

/** The parts of a plan, with what each is when nobody says otherwise. */
export const PLAN: Shape = {
  slug: text(),
  name: text(),
  service: text(null),
  source: mapping(null),
  engine: text("auto"),
  cron: text(),
  timeZone: text("UTC"),
  stores: list(),
  cipher: text("aes-256-gcm"),
  rpoMinutes: number(1_440),
  rtoMinutes: number(60),
  drillCron: orOff(text("0 4 * * 1#1")),
  drillEveryNth: orOff(number(7)),
  drillServerUrl: text(null),
  assertions: list([]),
  hooks: list([]),
  expectedBytes: number(null),
  volatileTables: list([]),
  hashFullUpToBytes: number(33_554_432),
  isPaused: boolean(false),
};

const STORE: Shape = { store: text(), withinDays: number(), keepLast: number(7), hourly: number(0), daily: number(0), weekly: number(0), monthly: number(0), yearly: number(0) };
const ASSERTION: Shape = { name: text(), sql: text() };
const HOOK: Shape = { when: text(), url: text(), mustSucceed: boolean(false) };
const SOURCES: Record<Source["kind"], Shape> = {
  self: { kind: text() },
  postgres: { kind: text(), url: text() },
  folder: { kind: text(), path: text(), include: list([]), exclude: list([]), links: text("refuse") },
  bucket: { kind: text(), endpoint: text(), region: text("us-east-1"), bucket: text(), prefix: text(""), accessKeyId: text(), secretAccessKey: text(), pathStyle: boolean(true) },
};

const PAGE = 100;
const byKey = (a: Item, b: Item) => (a.key < b.key ? -1 : 1);
const isFields = (value: Data | undefined): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: Data | undefined): Data[] => (Array.isArray(value) ? value : []);
const isKind = (value: Data | undefined): value is Source["kind"] => typeof value === "string" && Object.hasOwn(SOURCES, value);

type Place = ReadingContext & { path: (string | number)[] };
const inside = (place: Place, ...more: (string | number)[]): Place => ({ ...place, path: [...place.path, ...more] });

function fill(written: string, { path, report, env }: Place): string {
  return fillIn(written, env, (name) => report(path, `takes ${name} from the environment, where it is not set`));
}

function readAddress(value: Data | undefined, place: Place): Data {
  if (value === null || value === undefined) return null;
  const problem = addressProblem(wordOf(value));
  if (problem) place.report(place.path, problem);
  return fill(wordOf(value), place);
}

/** A value that is a secret as a whole. */
function readSecret(value: Data | undefined, place: Place): string {
  const written = wordOf(value);
  if (!written.endsWith(SECRET_MASK) && !hasReference(written)) place.report(place.path, "is secret and stands in clear. Write it as ${NAME} and set NAME in the environment.");
  return fill(written, place);
}

function readSource(value: Data, place: Place): Data {
  if (value === null) return null;
  const kind = isFields(value) ? value["kind"] : undefined;
  if (!isKind(kind)) {
    place.report(inside(place, "kind").path, `must be one of ${Object.keys(SOURCES).join(", ")}`);
    return null;
  }
  const fields = readFields(value, SOURCES[kind], place);
  if (kind === "postgres") return { ...fields, url: readAddress(fields["url"], inside(place, "url")) };
  return kind === "bucket" ? { ...fields, secretAccessKey: readSecret(fields["secretAccessKey"], inside(place, "secretAccessKey")) } : fields;
}

function readPlan(value: Data, place: Place): Fields {
  const fields = readFields(value, PLAN, place);
  const each = (name: string, shape: Shape) => listOf(fields[name]).map((one, index) => readFields(one, shape, inside(place, name, index)));
  return {
    ...fields,
    source: readSource(fields["source"] ?? null, inside(place, "source")),
    stores: each("stores", STORE),
    assertions: each("assertions", ASSERTION),
    hooks: each("hooks", HOOK).map((hook, index) => ({ ...hook, url: readSecret(hook["url"], inside(place, "hooks", index, "url")) })),
    drillServerUrl: readAddress(fields["drillServerUrl"], inside(place, "drillServerUrl")),
  };
}

const maskedHook = (url: string) => (URL.canParse(url) ? `${new URL(url).origin}/${SECRET_MASK}` : url);

function maskedSource(source: Data | undefined): Data {
  if (!isFields(source)) return null;
  if (source["kind"] === "postgres") return { ...source, url: maskAddress(wordOf(source["url"])) };
  return source["kind"] === "bucket" ? { ...source, secretAccessKey: SECRET_MASK } : source;
}

/** What can be compared: secrets as the console shows them, stores by name. */
function masked(fields: Fields): Fields {
  const server = fields["drillServerUrl"];
  return {
    ...fields,
    source: maskedSource(fields["source"]),
    stores: listOf(fields["stores"]).toSorted((a, b) => (wordOf((a as Fields)["store"]) < wordOf((b as Fields)["store"]) ? -1 : 1)),
    hooks: listOf(fields["hooks"]).map((hook) => ({ ...(hook as Fields), url: maskedHook(wordOf((hook as Fields)["url"])) })),
    drillServerUrl: typeof server === "string" ? maskAddress(server) : null,
  };
}

/** A plan of the console as the file writes it. */
function fieldsOf(plan: Detail): Fields {
  const { source } = plan;
  const flat = source?.kind === "bucket" ? { ...source.bucket, kind: "bucket" } : source;
  const given = {
    ...plan,
    service: plan.service?.slug ?? null,
    source: flat && Object.fromEntries(Object.keys(SOURCES[source?.kind ?? "self"]).map((name) => [name, (flat as unknown as Fields)[name] ?? null])),
    stores: plan.retention.map(({ storeName, policy }) => ({ store: storeName, ...policy })),
    drillCron: plan.drill.cron,
    drillEveryNth: plan.drill.everyNth,
    assertions: plan.drill.assertions,
    isPaused: plan.pausedAt !== null,
  } as unknown as Fields;
  return masked(Object.fromEntries(Object.keys(PLAN).map((name) => [name, given[name] ?? null])));
}

/** Nested parts without what is so anyway. */
function short(fields: Fields): Fields {
  const kind = isFields(fields["source"]) ? fields["source"]["kind"] : undefined;
  const each = (name: string, shape: Shape) => listOf(fields[name]).map((one) => withoutDefaults(one as Fields, shape));
  const source = isKind(kind) ? withoutDefaults(fields["source"] as Fields, SOURCES[kind]) : null;
  return withoutDefaults({ ...fields, source, stores: each("stores", STORE), hooks: each("hooks", HOOK) }, PLAN);
}

function sourceOf(fields: Fields): Source {
  const source = fields["source"] as Fields;
  return (source["kind"] === "bucket" ? { kind: "bucket", bucket: { ...source, kind: "s3" } } : source) as unknown as Source;
}

/** The input of the console: names turned into ids. Throws for a store or a service that is not there. */
async function inputOf(client: SeaworthyClient, fields: Fields) {
  const { stores } = await client.backups.stores.query({});
  const chosen = (fields["stores"] as Fields[]).map(({ store, ...retention }) => {
    const id = stores.find(({ name }) => name === store)?.id;
    if (id === undefined) throw new ManifestError([`There is no store ${wordOf(store)}. Add it on the page Stores; the file only names it.`]);
    return { storeId: id, retention: retention as unknown as NonNullable<CreateInput["stores"][number]["retention"]> };
  });
  const service = fields["service"] === null ? null : (await client.services.get.query({ id: wordOf(fields["service"]) })).id;
  const { name, engine, cron, timeZone, cipher, rpoMinutes, rtoMinutes, expectedBytes, volatileTables, hashFullUpToBytes, hooks, drillServerUrl } = fields as unknown as CreateInput;
  const drill = { cron: fields["drillCron"], everyNth: fields["drillEveryNth"], assertions: fields["assertions"] } as CreateInput["drill"];
  return { name, engine, cron, timeZone, cipher, rpoMinutes, rtoMinutes, expectedBytes, volatileTables, hashFullUpToBytes, hooks, drillServerUrl, drill, serviceId: service, stores: chosen };
}

async function setPaused(client: SeaworthyClient, id: string, isPaused: boolean): Promise<void> {
  await (isPaused ? client.backups.pause : client.backups.resume).mutate({ id });
}

/** What was read with secrets in it, kept beside what is compared. */
const clear = new WeakMap<Fields, Fields>();

export const backups: Section<{ id: string; revision: number; isSelf: boolean; isPaused: boolean }> = {
  name: "backups",
  thing: "backup plan",
  isRemovable: true,
  kept: ["source"],
  isNamed: (file) => file["backups"] !== undefined,
  parse: (file, context) => {
    const part = file["backups"];
    if (part !== undefined && !Array.isArray(part)) context.report(["backups"], "must be a list");
    const seen = new Set<string>();
    return listOf(part).map((value, index) => {
      const fields = readPlan(value, { ...context, path: ["backups", index] });
      const key = wordOf(fields["slug"]);
      if (seen.has(key)) context.report(["backups", index, "slug"], `${key} stands in the file twice`);
      seen.add(key);
      const comparable = masked(fields);
      clear.set(comparable, fields);
      return { key, fields: comparable };
    });
  },
  fetch: async (client) => {
    type Page = Awaited<ReturnType<typeof client.backups.list.query>>;
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Page = await client.backups.list.query({ limit: PAGE, archived: false, ...(cursor ? { cursor } : {}) });
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor);
    const plans = await Promise.all(ids.map((id) => client.backups.get.query({ id })));
    return plans.map((plan) => ({ key: plan.slug, fields: fieldsOf(plan), handle: { id: plan.id, revision: plan.revision, isSelf: plan.isSelf, isPaused: plan.pausedAt !== null } })).toSorted(byKey);
  },
  write: (items, file) => {
    if (items.length > 0) file["backups"] = items.map(({ fields }) => short(fields));
  },
  apply: async (client, change) => {
    if (change.action === "remove") {
      if (!change.handle.isSelf) await client.backups.archive.mutate({ id: change.handle.id });
      return;
    }
    const fields = clear.get(change.wanted) ?? change.wanted;
    const isPaused = fields["isPaused"] === true;
    const source = fields["source"] === null ? null : sourceOf(fields);
    if (change.action === "create") {
      if (source === null) throw new ManifestError(["A new plan needs a source: source: { kind: postgres, url: … }."]);
      const { id } = await client.backups.create.mutate({ ...(await inputOf(client, fields)), source, slug: change.key });
      if (isPaused) await setPaused(client, id, true);
      return;
    }
    const { id, revision } = change.handle;
    if (change.changes.some(({ name }) => name !== "isPaused")) await client.backups.update.mutate({ id, revision, ...(await inputOf(client, fields)), ...(source ? { source } : {}) });
    if (isPaused !== change.handle.isPaused) await setPaused(client, id, isPaused);
  },
};
