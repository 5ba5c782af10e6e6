/** An operator takes services over from another tool; what reports by itself does so by its ping address. */
import { expect, test } from "./fixtures/console.ts";

test("an operator takes services over from another tool, and a job reports by its ping address", async ({ page, stub, playwright }) => {
  await page.goto("/services");
  await page.getByRole("button", { name: "Import" }).click();
  const dialog = page.getByRole("dialog", { name: "Import services" });
  const chooseKuma = async () => {
    await dialog.getByRole("combobox", { name: "From" }).click();
    await page.getByRole("option", { name: "Uptime Kuma" }).click();
  };
  await chooseKuma();
  const backup = { version: "1.23.0", monitorList: [{ id: 1, name: "Imported shop", type: "http", url: `${stub.url}/health`, interval: 60 }, { id: 2, name: "Router", type: "ping" }, { id: 3, name: "Nightly dump", type: "push", interval: 3600 }] };
  await dialog.locator("input[type=file]").setInputFiles({ name: "backup.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(backup)) });
  await expect(dialog.getByText("Router: checks of type ping do not exist here")).toBeVisible();
  await expect(dialog.getByText("+ service imported-shop")).toBeVisible();
  await dialog.getByRole("button", { name: "Make 4 changes" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("row", { name: /Imported shop/ })).toContainText(/OK/);

  await page.goto("/services/nightly-dump?tab=checks");
  await page.getByRole("row", { name: /Health/ }).click();
  const panel = page.getByRole("complementary", { name: "Check Health" });
  await expect(panel.getByText("Ping address")).toBeVisible();
  const line = await panel.getByText(/curl -fsS -m 10 --retry 3 http/).first().textContent();
  const address = line?.match(/http\S+/)?.[0] ?? "";
  await expect(page.getByText("waiting for the first ping", { exact: false }).first()).toBeVisible();
  // A job knows the address and nothing else: it has no session.
  const job = await playwright.request.newContext({ storageState: { cookies: [], origins: [] } });
  expect(await (await job.get(address)).text()).toBe("OK");
  await expect(page.getByText("last ping", { exact: false }).first()).toBeVisible();
  expect((await job.get(`${address}/3`)).status()).toBe(200);
  await expect(page.getByText("the job reported a failure: exit code 3", { exact: false }).first()).toBeVisible();
  await job.dispose();

  await page.goto("/services");
  await page.getByRole("button", { name: "Import" }).click();
  await chooseKuma();
  await dialog.locator("input[type=file]").setInputFiles({ name: "x.json", mimeType: "application/json", buffer: Buffer.from("{}") });
  await expect(dialog.getByRole("alert")).toContainText("This is no backup of Uptime Kuma");
});

test("an operator brings services in by a spreadsheet, with its problems told line by line", async ({ page, stub }) => {
  await page.goto("/services");
  await page.getByRole("button", { name: "Import" }).click();
  const dialog = page.getByRole("dialog", { name: "Import services" });
  const csv = `Name;Owner;Tier;Tags;Address;Notes\nLedger;Payments;1;pci web;${stub.url}/health;\nSeaworthy;Platform team;;;;\nBroken;;9;;ftp://x.example;\n`;
  await dialog.locator("input[type=file]").setInputFiles({ name: "fleet.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await expect(dialog.getByText("1 to add, 1 to change, 0 as they are, 1 with problems.")).toBeVisible();
  await expect(dialog.getByText("No field of a service, left out: Notes.")).toBeVisible();
  await expect(dialog.getByText("owner: Platform → Platform team")).toBeVisible();
  await expect(dialog.getByText(/^address: Must be an http or https address/)).toBeVisible();
  const run = dialog.getByRole("button", { name: "Import 2 services" });
  await expect(run).toBeDisabled();
  await dialog.getByLabel("Leave out the 1 line with problems").check();
  await run.click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("row", { name: /Ledger/ })).toContainText(/OK/);
  await expect(page.getByRole("row", { name: /Seaworthy/ })).toContainText("Platform team");
});
