/** `seaworthy services …`: look at what is watched, add to it, and check at once. */
import { EXIT, text, type Command } from "../command.ts";

const PAGE = 100;
const NAME_WIDTH = 32;
/** A check takes a minute at most; its result is written in the second after. */
const WAIT_MS = 75_000;
const POLL_MS = 500;

const percent = (ratio: number | null) => (ratio === null ? "no facts" : `${(ratio * 100).toFixed(2)} %`);

export const listServices: Command = {
  name: "services list",
  about: "list services, worst first",
  words: "",
  arity: [0, 0],
  options: [{ name: "filter", value: "text", about: "as in the dashboard, e.g. \"state:down tier:1\"" }],
  run: async (world, _words, options) => {
    const client = world.client();
    const items = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof client.services.list.query>> = await client.services.list.query({ filter: text(options, "filter") ?? "", limit: PAGE, ...(cursor ? { cursor } : {}) });
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor);
    const lines = items.map(({ state, slug, uptime24h, stateReason }) => `${state.padEnd(9)} ${slug.padEnd(NAME_WIDTH)} ${percent(uptime24h).padStart(9)}  ${state === "up" ? "" : stateReason}`.trimEnd());
    return { exitCode: EXIT.ok, output: { items }, lines: lines.length > 0 ? lines : ["No service matches."] };
  },
};

export const addService: Command = {
  name: "services add",
  about: "add a service with a first HTTP check",
  words: "<address>",
  arity: [1, 1],
  options: [
    { name: "name", value: "name", about: "its name; the host name otherwise" },
    { name: "owner", value: "team", about: "who is responsible" },
    { name: "environment", value: "name", about: "production unless given" },
  ],
  run: async (world, [address = ""], options) => {
    const name = text(options, "name") ?? (URL.canParse(address) ? new URL(address).hostname : address);
    const owner = text(options, "owner");
    const environment = text(options, "environment");
    const added = await world.client().services.create.mutate({ name, address, ...(owner ? { owner } : {}), ...(environment ? { environment } : {}) });
    return { exitCode: EXIT.ok, output: added, lines: [`Added ${added.name} as ${added.slug}: ${world.connection().url}/services/${added.slug}`] };
  },
};

export const checkService: Command = {
  name: "services check",
  about: "run all checks of a service now and wait for what they find; exits with 1 unless it is up",
  words: "<service>",
  arity: [1, 1],
  options: [],
  run: async (world, [id = ""]) => {
    const client = world.client();
    const before = await client.services.get.query({ id });
    await client.services.run.mutate({ id });
    const seen = new Map(before.checks.map((check) => [check.id, check.lastResultAt?.getTime() ?? 0]));
    const until = performance.now() + WAIT_MS;
    let now = before;
    const isDone = () => now.checks.every((check) => check.pausedAt !== null || (check.lastResultAt?.getTime() ?? 0) > (seen.get(check.id) ?? 0));
    while (!isDone() && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      now = await client.services.get.query({ id });
    }
    const lines = now.checks.map((check) => `${(check.lastVerdict ?? "unknown").padEnd(9)} ${check.name.padEnd(NAME_WIDTH)} ${check.lastMessage}`.trimEnd());
    const late = isDone() ? [] : ["Not every check has answered yet."];
    const isUp = isDone() && now.checks.every((check) => check.pausedAt !== null || check.lastVerdict === "up");
    return { exitCode: isUp ? EXIT.ok : EXIT.failed, output: { state: now.state, checks: now.checks.map(({ id: checkId, name, lastVerdict, lastMessage }) => ({ id: checkId, name, verdict: lastVerdict, message: lastMessage })) }, lines: [...lines, ...late] };
  },
};
