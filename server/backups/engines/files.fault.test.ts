import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { PassThrough, Readable } from "node:stream";
import { pack, type Pack } from "tar-stream";
import { beforeAll, describe, expect, test } from "vitest";
import type { RestorePlace } from "../archive/operations.ts";
import { restoreBackup } from "../restore/restore.ts";
import type { Manifest } from "../schema/manifest.ts";
import type { Store } from "../stores/store.ts";
import { localStore, takeOne, testFolder, testKeys, testWorld } from "../testing/world.ts";
import { startScratchCluster } from "../../platform/testing/scratch-cluster.ts";
import type { FolderSource } from "./source.ts";
import { unpack } from "./folder/unpack.ts";

const folder = testFolder();
const scratch = path.join(folder, "scratch");
let store: Store;
let made = 0;

beforeAll(async () => {
  store = await localStore(path.join(folder, "store"));
});

/** A fresh folder with these files; a value of null makes a folder. */
function tree(files: Record<string, string | null>): string {
  const root = path.join(folder, `tree-${made++}`);
  fs.mkdirSync(root);
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    fs.mkdirSync(text === null ? file : path.dirname(file), { recursive: true });
    if (text !== null) fs.writeFileSync(file, text);
  }
  return root;
}

const source = (root: string, rest: Partial<FolderSource> = {}): FolderSource => ({ kind: "folder", path: root, include: [], exclude: [], links: "refuse", ...rest });
const take = async (root: string, rest: Partial<FolderSource> = {}) => (await takeOne({ source: source(root, rest), store, scratch })).manifest;
const newPlace = (): RestorePlace & { kind: "folder" } => ({ kind: "folder", path: path.join(folder, `out-${made++}`) });
const restore = (manifest: Manifest, place: RestorePlace, selection = {}) => restoreBackup({ store, manifest, keys: testKeys, place, selection, scratchParent: scratch, onProgress: () => undefined }, testWorld);
const listed = (root: string) => fs.readdirSync(root, { recursive: true }).map(String).toSorted();

describe("a folder", () => {
  test("comes back with names, contents, modes and times; kept links are links", async () => {
    const root = tree({ "a.txt": "a", "sub/ünïcode 名\n.txt": "b", "empty-folder": null, "empty-file": "", [`${"long/".repeat(20)}name`]: "deep" });
    fs.chmodSync(path.join(root, "a.txt"), 0o640);
    fs.utimesSync(path.join(root, "a.txt"), 1_000_000, 1_000_000);
    fs.symlinkSync("../outside", path.join(root, "sub", "link"));
    const place = newPlace();
    const report = await restore(await take(root, { links: "keep" }), place);
    expect(report.comparison?.isEqual).toBe(true);
    expect(listed(place.path)).toEqual(listed(root));
    const facts = fs.statSync(path.join(place.path, "a.txt"));
    expect([facts.mode & 0o777, facts.mtimeMs]).toEqual([0o640, 1_000_000_000]);
    expect(fs.readlinkSync(path.join(place.path, "sub", "link"))).toBe("../outside");
    expect(fs.readFileSync(path.join(place.path, "sub/ünïcode 名\n.txt"), "utf8")).toBe("b");
  });

  test.each<{ rules: Partial<FolderSource>; kept: string[] }>([
    { rules: { exclude: ["*.log"] }, kept: ["a.txt", "sub/b.txt", "sub/deep/c.txt"] },
    { rules: { exclude: ["sub"] }, kept: ["a.log", "a.txt"] },
    { rules: { exclude: ["sub/deep"] }, kept: ["a.log", "a.txt", "sub/b.log", "sub/b.txt"] },
    { rules: { include: ["**/*.txt"] }, kept: ["a.txt", "sub/b.txt", "sub/deep/c.txt"] },
    { rules: { include: ["sub"], exclude: ["*.log"] }, kept: ["sub/b.txt", "sub/deep/c.txt"] },
  ])("by rules $rules", async ({ rules, kept }) => {
    const root = tree({ "a.txt": "", "a.log": "", "sub/b.txt": "", "sub/b.log": "", "sub/deep/c.txt": "" });
    const { content } = await take(root, rules);
    expect(content.kind === "folder" && content.listed.map((file) => file.path).toSorted()).toEqual(kept);
  });

  test("links are refused by name, or left out by name, as the plan says; devices and pipes are never read", async () => {
    const root = tree({ "a.txt": "a" });
    fs.symlinkSync("/etc/passwd", path.join(root, "link"));
    expect(spawnSync("mkfifo", [path.join(root, "pipe")]).status).toBe(0);
    await expect(take(root)).rejects.toThrow(/^link is a link, and the plan refuses links/);
    const { content } = await take(root, { links: "skip" });
    expect(content).toMatchObject({ files: 1, links: 0, leftOut: [{ path: "link", reason: "It is a link." }, { path: "pipe", reason: "It is a device, pipe or socket." }] });
  });

  test("a file that grows or shrinks while it is read is not silently wrong", async () => {
    const root = tree({});
    fs.writeFileSync(path.join(root, "1-first"), Buffer.alloc(3_000_000, 1));
    fs.writeFileSync(path.join(root, "2-grows"), Buffer.alloc(3_000_000, 2));
    const change = (work: () => void) => {
      let isDone = false;
      return () => {
        if (!isDone) work();
        isDone = true;
      };
    };
    const grows = await takeOne({ source: source(root), store, scratch, onProgress: change(() => fs.appendFileSync(path.join(root, "1-first"), "more")) });
    const report = await restore(grows.manifest, newPlace());
    expect(report.comparison?.isEqual).toBe(true);
    expect(grows.manifest.content).toMatchObject({ files: 2, leftOut: [{ path: "1-first", reason: expect.stringContaining("changed while it was read") }] });
  });

  test("one file alone", async () => {
    const manifest = await take(tree({ "a/x.txt": "x", "a/y.txt": "y", "b/x.txt": "z" }));
    const place = newPlace();
    await restore(manifest, place, { files: ["b/*.txt"] });
    expect(listed(place.path)).toEqual(["b", "b/x.txt"]);
  });

  test("into a folder that holds something: refused, nothing is touched; a missing source is said", async () => {
    const manifest = await take(tree({ "a.txt": "a" }));
    const full = tree({ mine: "mine" });
    await expect(restore(manifest, { kind: "folder", path: full })).rejects.toThrow(/is not empty/);
    expect(listed(full)).toEqual(["mine"]);
    await expect(take(path.join(folder, "nowhere"))).rejects.toThrow(/does not exist/);
  });
});

describe("an archive that lies about names (T18)", () => {
  const shapes: Record<string, (archive: Pack) => void> = {
    "../": (archive) => archive.entry({ name: "../evil" }, "x"),
    "a/../../": (archive) => archive.entry({ name: "a/../../evil" }, "x"),
    absolute: (archive) => archive.entry({ name: "/tmp/seaworthy-evil" }, "x"),
    backslash: (archive) => archive.entry({ name: "..\\evil" }, "x"),
    drive: (archive) => archive.entry({ name: "C:evil" }, "x"),
    "a hard link": (archive) => archive.entry({ name: "evil", type: "link", linkname: "/etc/passwd" }),
    "a device": (archive) => archive.entry({ name: "evil", type: "character-device", devmajor: 1, devminor: 3 }),
    "a pipe": (archive) => archive.entry({ name: "evil", type: "fifo" }),
    "the same name twice": (archive) => {
      archive.entry({ name: "twice" }, "1");
      archive.entry({ name: "twice" }, "2");
    },
    "a hundred folders deep": (archive) => archive.entry({ name: `${"d/".repeat(100)}evil` }, "x"),
  };
  const world = { ...testWorld, signal: new AbortController().signal, onProgress: () => undefined, scratchDir: folder };

  function archiveOf(shape: (archive: Pack) => void): Readable {
    const archive = pack();
    shape(archive);
    archive.finalize();
    const input = new PassThrough();
    archive.pipe(input);
    return input;
  }

  test.each(Object.entries(shapes))("%s: refused, nothing outside", async (_name, shape) => {
    const root = tree({});
    await expect(unpack(archiveOf(shape), { folder: root, isChosen: () => true, world })).rejects.toThrow(/archive holds|EEXIST|file already exists/);
    expect(fs.existsSync("/tmp/seaworthy-evil")).toBe(false);
    expect(fs.existsSync(path.join(folder, "evil"))).toBe(false);
  });

  test("a link followed by a file through it: the file is a file in a folder, the link is made last", async () => {
    const outside = tree({});
    const root = tree({});
    const input = archiveOf((archive) => {
      archive.entry({ name: "dir", type: "symlink", linkname: outside });
      archive.entry({ name: "dir/evil" }, "x");
    });
    await expect(unpack(input, { folder: root, isChosen: () => true, world })).rejects.toThrow(/EEXIST/);
    expect(listed(outside)).toEqual([]);
  });
});

test("a whole cluster is copied while it runs, starts again elsewhere, and holds what it held", async () => {
  const cluster = await startScratchCluster(path.join(folder, "clusters"));
  try {
    const { default: pg } = await import("pg");
    const client = new pg.Client({ connectionString: cluster.url });
    await client.connect();
    await client.query("CREATE TABLE t AS SELECT i FROM generate_series(1, 1000) i");
    await client.end();
    const { manifest } = await takeOne({ source: { kind: "postgres", url: cluster.url, reach: "direct" }, store, scratch, engine: { kind: "physical", reason: "" } });
    expect(manifest.content).toMatchObject({ consistency: "around" });
    const dataDir = path.join(folder, "restored");
    const report = await restore(manifest, { kind: "cluster", dataDir });
    expect(report.comparison).toMatchObject({ isEqual: true, tables: 1, rows: "1000" });
    expect(listed(dataDir).filter((name) => !name.includes("/")).toSorted()).toEqual(["database.json", "postgres"]);
    await expect(restore(manifest, { kind: "cluster", dataDir })).rejects.toThrow(/exists. Move it away first/);
  } finally {
    await cluster.destroy();
  }
});
