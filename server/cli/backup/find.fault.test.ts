import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { localStore, takeOne, testFolder, testKeys, testWorld } from "../../backups/testing/world.ts";
import { findManifest } from "./find.ts";

const folder = testFolder();

test("the latest backup is the latest of one plan: a store of several is refused without a name", async () => {
  const place = { store: await localStore(path.join(folder, "store")), keys: testKeys, world: testWorld };
  fs.mkdirSync(path.join(folder, "files"));
  const take = (name: string, at: string) => takeOne({ source: { kind: "folder", path: path.join(folder, "files"), include: [], exclude: [], links: "refuse" }, store: place.store, scratch: path.join(folder, "scratch"), plan: { id: null, name } }, { ...testWorld, now: () => new Date(at) });
  await expect(findManifest(place, "latest")).rejects.toMatchObject({ code: "not_found" });
  await take("Orders", "2027-01-14T02:00:00Z");
  const { manifest } = await take("Orders", "2027-01-15T02:00:00Z");
  expect((await findManifest(place, "latest")).id).toBe(manifest.id);
  await take("Files", "2027-01-16T02:00:00Z");
  await expect(findManifest(place, "latest")).rejects.toThrow(/holds backups of files, orders\. Say whose latest one is meant: --name/);
  expect((await findManifest(place, "latest", "Orders")).id).toBe(manifest.id);
});
