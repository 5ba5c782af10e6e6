/** An operator adds a store and a plan for a real database, takes a backup, proves it, brings it back, and cannot overwrite what is there by mistake. */
import { expect, test } from "./fixtures/console.ts";

/** A backup, a drill and a restore of a small database take seconds; a loaded machine gets its time. */
const PATIENT = { timeout: 120_000 };
const LONG_STORY_MS = 600_000;

test("a store, a plan, a backup and its proof, all watched live", async ({ page }) => {
  test.setTimeout(LONG_STORY_MS);
  await page.goto("/backups/stores");
  await page.getByRole("button", { name: "Add store" }).click();
  const store = page.getByRole("dialog", { name: "Add store" });
  await store.getByLabel("Name").fill("Second disk");
  const folder = store.getByRole("textbox", { name: "Folder", exact: true });
  await folder.fill(`${await folder.inputValue()}-second`);
  await store.getByRole("button", { name: "Test" }).click();
  await expect(store.getByText(/Writes, reads and deletes work/)).toBeVisible();
  await store.getByRole("button", { name: "Add store" }).click();
  await expect(page.getByRole("table", { name: "Stores" }).getByRole("row", { name: /Second disk.*Usable/ })).toBeVisible();

  await page.goto("/backups");
  await page.getByRole("link", { name: "New plan" }).click();
  await page.getByLabel("Name").fill("Console copy");
  await page.getByRole("combobox", { name: "What to back up" }).click();
  await page.getByRole("option", { name: /own database/ }).click();
  await expect(page.getByText("At 02:00", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Try it" }).click();
  await expect(page.getByRole("list", { name: "What was found" }).getByText(/Every table can be read/)).toBeVisible(PATIENT);
  await page.getByRole("button", { name: "Add plan" }).click();
  await expect(page).toHaveURL(/\/backups\/console-copy/, PATIENT);
  await expect(page.getByRole("main").getByText("No backup yet.")).toBeVisible();

  await page.getByRole("button", { name: "Back up now" }).click();
  const catalogue = page.getByRole("table", { name: "Backups" });
  await expect(catalogue.getByRole("row", { name: /Not tried|Verified/ })).toBeVisible(PATIENT);
  // The first backup of a plan is drilled by itself; nobody reloads the page.
  await expect(page.getByRole("table", { name: "Drills" }).getByRole("row", { name: /Proven/ })).toBeVisible(PATIENT);
  await expect(page.getByRole("main").getByText(/Restorable as of \d\d:\d\d/)).toBeVisible(PATIENT);
});

test("a backup is restored into a new database and compared; a name that is taken is refused and nothing is replaced", async ({ page }) => {
  test.setTimeout(LONG_STORY_MS);
  await page.goto("/backups/console-copy");
  await page.getByRole("button", { name: "Restore…" }).click();
  const dialog = page.getByRole("dialog", { name: "Restore Console copy" });
  await dialog.getByLabel("Name of the new database").fill("console_copy_back");
  await dialog.getByRole("button", { name: "Show what happens" }).click();
  await expect(dialog.getByText(/rows in \d+ tables/)).toBeVisible(PATIENT);
  await dialog.getByRole("button", { name: "Restore", exact: true }).click();
  await expect(page).toHaveURL(/\/backups\/restores\//);
  await expect(page.getByRole("main").getByText(/console_copy_back is back/)).toBeVisible(PATIENT);
  await expect(page.getByText("Rows compared", { exact: true })).toBeVisible();

  // The same name again is refused before anything is touched.
  await page.goto("/backups/console-copy");
  await page.getByRole("button", { name: "Restore…" }).click();
  await dialog.getByLabel("Name of the new database").fill("console_copy_back");
  await dialog.getByRole("button", { name: "Show what happens" }).click();
  await expect(dialog.getByText(/There is a database console_copy_back already/)).toBeVisible(PATIENT);
  await expect(dialog.getByRole("button", { name: "Restore", exact: true })).toBeDisabled();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
});

test("a backup is locked with a reason, and the log of its run can be read", async ({ page }) => {
  await page.goto("/backups/console-copy");
  await page.getByRole("table", { name: "Backups" }).getByRole("row", { name: /Verified/ }).first().click();
  await expect(page).toHaveURL(/\/backups\/runs\//);
  await expect(page.getByRole("list", { name: "Log lines" }).getByText(/Stored .* tables/)).toBeVisible();
  await page.getByRole("button", { name: "Lock…" }).click();
  const dialog = page.getByRole("dialog", { name: "Lock this backup" });
  await dialog.getByLabel("Why").fill("Asked for by the auditors");
  await dialog.getByRole("button", { name: "Lock", exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("region", { name: "Facts" }).getByText(/^Asked for by the auditors/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Unlock" })).toBeVisible();
});
