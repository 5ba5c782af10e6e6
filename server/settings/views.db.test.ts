/** Saved views: one's own, shared ones, and what nobody else may do to them. */
import { beforeEach, describe, expect, test } from "vitest";
import type { Actor } from "../platform/context.ts";
import { asActor, testContext, testDatabase } from "../platform/testing/database.ts";
import { createCaller } from "../root.ts";

const database = testDatabase();
let round = 0;
const as = (role: "viewer" | "editor" | "admin") => createCaller(testContext({ db: database.db, actor: { ...asActor(role), id: `usr_${role}_${round}` } as Actor })).settings;
const VIEW = { list: "services", name: "Payments, down", query: "filter=state%3Adown+owner%3Apayments&sort=p95" };

beforeEach(async () => {
  round += 1;
  await database.db.savedView.deleteMany();
});

describe("a view", () => {
  test("is kept, found by its owner alone, changed and removed; each change is on record", async () => {
    const made = await as("viewer").saveView(VIEW);
    expect(made).toMatchObject({ ...VIEW, isShared: false, isOwn: true, ownerName: "Test viewer" });
    expect((await as("viewer").views({ list: "services" })).items).toMatchObject([VIEW]);
    expect((await as("editor").views({ list: "services" })).items).toEqual([]);
    expect((await as("viewer").views({ list: "queues" })).items).toEqual([]);
    expect(await as("viewer").changeView({ id: made.id, query: "filter=x" })).toMatchObject({ name: VIEW.name, query: "filter=x" });
    await as("viewer").removeView({ id: made.id });
    expect((await as("viewer").views({ list: "services" })).items).toEqual([]);
    const actions = await database.db.auditEntry.findMany({ where: { targetId: made.id }, orderBy: { id: "asc" }, select: { action: true } });
    expect(actions.map(({ action }) => action)).toEqual(["settings.saveView", "settings.changeView", "settings.removeView"]);
  });

  test("shared by an editor is there for everybody, and theirs to change; a viewer may not share", async () => {
    const shared = await as("editor").saveView({ ...VIEW, isShared: true });
    expect((await as("viewer").views({ list: "services" })).items).toMatchObject([{ id: shared.id, isOwn: false }]);
    await expect(as("viewer").changeView({ id: shared.id, name: "Mine" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(as("viewer").removeView({ id: shared.id })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(as("viewer").saveView({ ...VIEW, isShared: true })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await as("admin").removeView({ id: shared.id });
  });

  test("has a name of its own, also when two are saved at once", async () => {
    const both = await Promise.allSettled([as("viewer").saveView(VIEW), as("viewer").saveView(VIEW)]);
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const other = await as("viewer").saveView({ ...VIEW, name: "Other" });
    await expect(as("viewer").changeView({ id: other.id, name: VIEW.name })).rejects.toMatchObject({ code: "CONFLICT" });
    await as("editor").saveView(VIEW);
  });

  test.each([["a question mark", "?filter=x"], ["a fragment", "filter=x#y"], ["a space", "filter=a b"]])("takes no address with %s", async (_name, query) => {
    await expect(as("viewer").saveView({ ...VIEW, query })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  });
});
