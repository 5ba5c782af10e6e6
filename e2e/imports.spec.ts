/** An operator takes services over from another tool; what reports by itself does so by its ping address. */
import { expect, test } from "./fixtures/console.ts";

test("an operator takes services over from another tool, and a job reports by its ping address", async ({ page, stub, playwright }) => {
  await page.goto("/services");
  await page.getByRole("button", { name: "Import" }).click();
  const dialog = page.getByRole("dialog", { name: "Import services" });
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
  await dialog.locator("input[type=file]").setInputFiles({ name: "x.json", mimeType: "application/json", buffer: Buffer.from("{}") });
  await expect(dialog.getByRole("alert")).toContainText("This is no backup of Uptime Kuma");
});
