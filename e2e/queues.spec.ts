/** An operator finds failing jobs, reads why, and deals with them one by one and all at once. */
import type { Page } from "@playwright/test";
import { startQueueSystems, type QueueSystems } from "./fixtures/queue-systems.ts";
import { expect, signIn, test } from "./fixtures/console.ts";
import { BASE_URL } from "./fixtures/product.ts";

/** A job that cannot work with what tests give it, so it fails at its first attempt. */
const QUEUE = "access.mailLink";
const PAGE = `/queues/own/${QUEUE}`;

/** Schedules run once a minute, and a queue that rests is read as seldom. */
const NEXT_TURN = { timeout: 150_000 };

test("the own queue shows what it did", async ({ page }) => {
  await page.goto("/queues");
  await expect(page.getByRole("heading", { level: 1, name: "Queues" })).toBeVisible();
  const row = page.getByRole("row", { name: /services\.rollup/ });
  await expect(row).toBeVisible();
  await row.click();
  await expect(page).toHaveURL(/\/queues\/own\/services\.rollup/);
  await expect(page.getByRole("heading", { level: 1, name: "services.rollup" })).toBeVisible();
});

test("a test job fails; its panel says why; a retry fails again with both attempts kept", async ({ page }) => {
  await page.goto(PAGE);
  for (const customer of [41, 42, 43]) {
    await page.getByRole("button", { name: "More for this queue" }).click();
    await page.getByRole("menuitem", { name: "Add a test job" }).click();
    const dialog = page.getByRole("dialog", { name: "Add a test job" });
    await dialog.getByLabel("Data").fill(`{"customer": {"id": ${customer}}, "ref": 12345678901234567890}`);
    await dialog.getByRole("button", { name: "Add job" }).click();
    await expect(dialog).toBeHidden();
  }
  await page.getByRole("link", { name: /^Failed/ }).click();
  const jobs = page.getByRole("table", { name: "Jobs, failed" });
  await expect(jobs.getByRole("row", { name: /does not fit/ })).toHaveCount(3, NEXT_TURN);

  // Only the one with this customer, by its data.
  await page.keyboard.press("/");
  await page.getByRole("textbox", { name: "Filter jobs" }).fill("data.customer.id:42 ");
  await expect(jobs.getByRole("row", { name: /does not fit/ })).toHaveCount(1);
  await page.getByRole("textbox", { name: "Filter jobs" }).blur();
  await page.keyboard.press("j");
  const panel = page.getByRole("complementary", { name: /^Job / });
  await expect(panel.getByRole("region", { name: "Data" })).toContainText("12345678901234567890");
  await expect(panel.getByRole("list", { name: "Attempts" })).toContainText("does not fit its declaration");
  await panel.getByRole("button", { name: "Retry" }).click();
  await expect(page.getByText("The job is back in its queue")).toBeVisible();
  await expect(panel).toBeHidden();
  // A worker takes it and it fails again; whoever looks before that looks again.
  await expect(async () => {
    await page.goto(`${PAGE}?state=dead&q=data.customer.id%3A42`);
    await jobs.getByRole("row", { name: /does not fit/ }).click({ timeout: 10_000 });
    await expect(panel.getByRole("list", { name: "Attempts" }).getByRole("listitem")).toHaveCount(2, { timeout: 10_000 });
  }).toPass(NEXT_TURN);
});

test("all that match are dealt with as one operation that can be followed", async ({ page }) => {
  await page.goto(`${PAGE}?state=dead`);
  const jobs = page.getByRole("table", { name: "Jobs, failed" });
  await expect(jobs.getByRole("row", { name: /does not fit/ })).toHaveCount(3);
  await page.getByRole("checkbox", { name: /select all/i }).check();
  const bar = page.getByRole("region", { name: "Selected jobs" });
  await expect(bar.getByText("3 selected")).toBeVisible();
  await bar.getByRole("button", { name: "Discard" }).click();
  const dialog = page.getByRole("dialog", { name: /^Discard/ });
  const act = dialog.getByRole("button", { name: "Discard 3" });
  await expect(act).toBeDisabled();
  await dialog.getByLabel("Why").fill("made by a test");
  await dialog.getByLabel(/to confirm/).fill(QUEUE);
  await act.click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText(/No dead letter\. Jobs come here/)).toBeVisible(NEXT_TURN);

  await page.goto("/queues/operations");
  const row = page.getByRole("table", { name: "Operations" }).getByRole("row", { name: /Discard/ }).first();
  await expect(row).toContainText("Done");
  await expect(row).toContainText("made by a test");
  await row.click();
  await expect(page.getByRole("heading", { level: 1, name: `Discard: ${QUEUE}` })).toBeVisible();
  await expect(page.getByText(/made by a test/)).toBeVisible();
  await expect(page.getByRole("progressbar")).toHaveAttribute("aria-valuenow", "100");
  await page.goto("/access/audit");
  await expect(page.getByText(/Began: Discard 3 picked jobs/).first()).toBeVisible();
});

test("a queue is paused and resumed, and the workers' page tells who works", async ({ page }) => {
  await page.goto(PAGE);
  await page.getByRole("button", { name: "Pause queue" }).click();
  await expect(page.getByText("paused", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Resume queue" }).click();
  await expect(page.getByText("paused", { exact: true })).toBeHidden();
  await expect(page.getByRole("button", { name: "Pause queue" })).toBeVisible();
  await page.goto("/queues/workers");
  await expect(page.getByRole("table", { name: "Workers" }).getByRole("row").nth(1)).toContainText(/Idle|busy/);
  await expect(page.getByText(/worker.* running\./)).toBeVisible();
});

test("a viewer sees everything and no dead buttons", async ({ page, stranger }) => {
  const person = { email: "viewer@northpier.dev", password: "only here to look around" };
  const made = await page.request.post(`${BASE_URL}/api/v1/access/users`, { data: { ...person, name: "Vera Looks", role: "viewer" }, headers: { origin: BASE_URL } });
  expect(made.ok(), await made.text()).toBe(true);
  const guest = await stranger();
  await signIn(guest, person);
  await guest.goto("/queues/own/services.rollup?state=completed");
  const row = guest.getByRole("table", { name: "Jobs, done" }).getByRole("row").nth(1);
  await expect(row, "its schedule came round").toBeVisible(NEXT_TURN);
  await row.click();
  const panel = guest.getByRole("complementary", { name: /^Job / });
  await expect(panel.getByRole("region", { name: "Data" })).toBeVisible();
  for (const name of ["Retry", "Discard", "Pause queue", "More for this queue"]) await expect(guest.getByRole("button", { name, exact: true })).toHaveCount(0);
  await expect(guest.getByRole("checkbox")).toHaveCount(0);
  await guest.goto("/queues/dead-letters");
  await expect(guest.getByRole("heading", { level: 1, name: "Dead letters" })).toBeVisible();
  await expect(guest.getByRole("button", { name: /send back/i })).toHaveCount(0);
});

test.describe("queue systems of the team", () => {
  let systems: QueueSystems;
  test.beforeAll(async () => {
    systems = await startQueueSystems();
  });
  test.afterAll(async () => systems.stop());

  /** Connects a system as a person does: kind, addresses, a test that goes through, and then for good. */
  async function connect(page: Page, { name, kind, fields, last }: { name: string; kind: string; fields: Record<string, string>; last: RegExp }): Promise<void> {
    await page.goto("/queues/connections");
    await page.getByRole("button", { name: "Connect a queue system" }).click();
    const dialog = page.getByRole("dialog", { name: "Connect a queue system" });
    await dialog.getByLabel("Name").fill(name);
    await dialog.getByText(kind, { exact: true }).click();
    for (const [label, value] of Object.entries(fields)) await dialog.getByLabel(label).fill(value);
    await dialog.getByRole("button", { name: "Test", exact: true }).click();
    await expect(dialog.getByText(last)).toBeVisible();
    await dialog.getByRole("button", { name: "Connect", exact: true }).click();
    await expect(dialog).toBeHidden();
    const row = page.getByRole("table", { name: "Connections" }).getByRole("row", { name: new RegExp(name) });
    // A new connection is read when its turn comes.
    await expect(row).toContainText("Connected");
  }

  async function remove(page: Page, name: string): Promise<void> {
    await page.goto("/queues/connections");
    await page.getByRole("table", { name: "Connections" }).getByRole("row", { name: new RegExp(name) }).click();
    const panel = page.getByRole("complementary", { name: `Connection ${name}` });
    await panel.getByRole("button", { name: "Remove", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: `Remove ${name}` });
    await dialog.getByLabel(/to confirm/).fill(name);
    await dialog.getByRole("button", { name: "Remove connection" }).click();
    await expect(dialog).toBeHidden();
    const rows = page.getByRole("table", { name: "Connections" }).getByRole("row");
    await expect(rows.nth(1), "the console's own is still there").toBeVisible();
    await expect(rows.filter({ hasText: name })).toHaveCount(0);
  }

  test("BullMQ: connected, its depth seen, a failed job retried, its rate capped, and removed", async ({ page }) => {
    await connect(page, { name: "Shop Redis", kind: "BullMQ", fields: { "Redis address": systems.redisUrl, Prefix: systems.prefix }, last: /^1 queue/ });
    await page.goto("/queues");
    await page.getByRole("row", { name: /invoices.*Shop Redis/ }).click();
    await expect(page.getByRole("heading", { level: 1, name: "invoices" })).toBeVisible();
    await expect(page.getByText("Every 90 seconds")).toBeVisible();
    await page.getByRole("link", { name: /^Failed/ }).click();
    await page.getByRole("table", { name: "Jobs, failed" }).getByRole("row", { name: /mailbox full/ }).click();
    const panel = page.getByRole("complementary", { name: /^Job / });
    await expect(panel.getByRole("region", { name: "Data" })).toContainText("INV-2041");
    await panel.getByRole("button", { name: "Retry" }).click();
    await expect(page.getByText("The job runs again")).toBeVisible();
    await expect.poll(() => systems.failedInvoices()).toBe(0);
    await page.getByRole("button", { name: "More for this queue" }).click();
    await page.getByRole("menuitem", { name: "Rate cap" }).click();
    const dialog = page.getByRole("dialog", { name: "Rate cap" });
    await dialog.getByLabel("Jobs a second").fill("10");
    await dialog.getByRole("button", { name: "Set cap" }).click();
    await expect(page.getByText("at most 10 a second")).toBeVisible();
    await remove(page, "Shop Redis");
  });

  test("RabbitMQ: connected, its depth seen, a dead letter sent back, and removed", async ({ page }) => {
    await connect(page, { name: "Yard Rabbit", kind: "RabbitMQ", fields: { "AMQP address": systems.rabbitUrl, "Management address": systems.managementUrl }, last: /^2 queues/ });
    await page.goto("/queues");
    await expect(page.getByRole("row", { name: /parcels(?!\.).*Yard Rabbit/ })).toBeVisible();
    await page.goto("/queues/yard-rabbit/parcels.dead");
    await page.getByRole("link", { name: /^Dead/ }).click();
    await page.getByRole("table", { name: /^Jobs, / }).getByRole("row").nth(1).click();
    const panel = page.getByRole("complementary", { name: /^Job / });
    await expect(panel.getByRole("region", { name: "Data" })).toContainText("PAR-7");
    await panel.getByRole("button", { name: "Send back" }).click();
    await expect.poll(() => systems.waitingParcels()).toBe(3);
    await remove(page, "Yard Rabbit");
  });
});
