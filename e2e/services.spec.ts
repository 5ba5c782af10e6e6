/** An operator adds a service, sees it go down and up again, live, and puts it away. */
import { expect, signIn, test } from "./fixtures/console.ts";
import { ADMIN } from "./fixtures/product.ts";

test("a real service goes down and comes back before the operator's eyes", async ({ page, stub }) => {
  await page.goto("/");
  await page.getByRole("link", { name: "Add service" }).or(page.getByRole("button", { name: "Add service" })).first().click();
  const dialog = page.getByRole("dialog", { name: "Add service" });
  // The page has one banner, its own; the head of a dialog is none.
  await expect(dialog.getByRole("banner")).toHaveCount(0);
  await dialog.getByLabel("Name").fill("Payments API");
  await dialog.getByLabel("Address to check").fill(`${stub.url}/health`);
  await dialog.getByLabel("Owner").fill("Payments");
  await dialog.getByRole("button", { name: "Add service" }).click();

  await expect(page).toHaveURL(/\/services\/payments-api/);
  const checks = page.getByRole("table", { name: "Checks" });
  await expect(checks.getByRole("row", { name: /OK.*200 in/ })).toBeVisible();
  await expect(page.getByRole("region", { name: "Component health" }).getByText("database")).toBeVisible();

  // Two failures make it down; nobody reloads the page.
  stub.answer(503);
  const run = page.getByRole("button", { name: "Run checks now" });
  await run.click();
  await expect(checks.getByRole("row", { name: /503/ })).toBeVisible();
  await run.click();
  await expect(page.getByRole("main").getByText(/^Down since \d\d:\d\d UTC/)).toBeVisible();

  stub.answer(200);
  await run.click();
  await expect(checks.getByRole("row", { name: /OK.*200 in/ })).toBeVisible();
  await expect(page.getByRole("main").getByText("Its check passes")).toBeVisible();
  await page.getByRole("link", { name: "Timeline", exact: true }).click();
  await expect(page.getByText(/Service went from down to OK/)).toBeVisible();
});

test("the list filters by qualifiers and keeps them in the address", async ({ page }) => {
  await page.goto("/services");
  const table = page.getByRole("table", { name: "Services" });
  await expect(table.getByRole("row", { name: /Payments API/ })).toBeVisible();
  await page.keyboard.press("/");
  const filter = page.getByRole("textbox", { name: "Filter services" });
  await expect(filter).toBeFocused();
  await filter.fill("owner:payments");
  await filter.press("Enter");
  await expect(table.getByRole("row", { name: /Seaworthy/ })).toHaveCount(0);
  await expect(page).toHaveURL(/owner/);
  await page.reload();
  await expect(table.getByRole("row", { name: /Payments API/ })).toBeVisible();
  await expect(table.getByRole("row", { name: /Seaworthy/ })).toHaveCount(0);
});

test("a wrong address is explained and nothing typed is lost", async ({ page }) => {
  await page.goto("/services");
  await page.getByRole("button", { name: "Add service" }).click();
  const dialog = page.getByRole("dialog", { name: "Add service" });
  await dialog.getByLabel("Name").fill("Nowhere");
  await dialog.getByLabel("Address to check").fill("ftp://example.com");
  await dialog.getByRole("button", { name: "Add service" }).click();
  await expect(dialog.getByText("Must be an http or https address")).toBeVisible();
  await expect(dialog.getByLabel("Name")).toHaveValue("Nowhere");
  await expect(dialog.getByLabel("Address to check")).toHaveValue("ftp://example.com");
});

test("archiving says what it means, and can be undone", async ({ page }) => {
  await page.goto("/services/payments-api");
  await page.getByRole("button", { name: "Archive", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Archive Payments API" });
  await expect(dialog.getByText(/^1 check stop/)).toBeVisible();
  await dialog.getByRole("button", { name: "Archive" }).click();
  await expect(page.getByText("Archived, so nobody watches it.")).toBeVisible();
  await page.goto("/services");
  const rows = page.getByRole("table", { name: "Services" }).getByRole("row");
  await expect(rows.filter({ hasText: "Seaworthy" })).toBeVisible();
  await expect(rows.filter({ hasText: "Payments API" })).toHaveCount(0);
  await page.getByRole("button", { name: "Archived" }).click();
  await page.getByRole("link", { name: "Payments API" }).click();
  await page.getByRole("button", { name: "Restore", exact: true }).click();
  await expect(page.getByRole("button", { name: "Archive", exact: true })).toBeVisible();
  await page.goto("/services");
  await expect(rows.filter({ hasText: "Payments API" })).toBeVisible();
});

test("many services are paused at once, with the count before and the progress after, and a view is kept", async ({ page, stub }) => {
  for (const name of ["Bulk one", "Bulk two", "Bulk three"]) {
    const made = await page.request.post("/api/v1/services", { data: { name, address: `${stub.url}/health`, owner: "bulk" }, headers: { "sec-fetch-site": "same-origin" } });
    expect(made.status()).toBe(200);
  }
  await page.goto("/services?filter=owner%3Abulk");
  const table = page.getByRole("table", { name: "Services" });
  await expect(table.getByRole("row", { name: /Bulk/ })).toHaveCount(3);
  await table.getByRole("checkbox", { name: "Select all rows shown" }).check();
  const bar = page.getByRole("region", { name: "Chosen services" });
  await expect(bar.getByText("3 chosen")).toBeVisible();
  await bar.getByRole("button", { name: "Pause" }).click();
  const dialog = page.getByRole("dialog", { name: "Pause 3 services" });
  await expect(dialog.getByText(/3 services change: Bulk/)).toBeVisible();
  await dialog.getByRole("button", { name: "Pause 3 services" }).click();
  const progress = page.getByRole("region", { name: "Act on many services" });
  await expect(progress.getByText("Paused 3 services.")).toBeVisible();
  await progress.getByRole("button", { name: "Close" }).click();
  await expect(progress).toBeHidden();
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByLabel("Save what you see as").fill("Bulk services");
  await page.getByRole("button", { name: "Save view" }).click();
  await expect(page.getByRole("button", { name: "Bulk services", exact: true, expanded: true })).toBeVisible();
  await page.goto("/services");
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("button", { name: "Bulk services", exact: true }).click();
  await expect(page).toHaveURL(/owner%3Abulk/);
  // The rows of the list before stay until those of the view are there.
  await expect(table.getByRole("row", { name: /Seaworthy/ })).toHaveCount(0);
  await expect(table.getByRole("row", { name: /Bulk/ })).toHaveCount(3);
  await table.getByRole("checkbox", { name: "Select all rows shown" }).check();
  await bar.getByRole("button", { name: "Archive" }).click();
  await page.getByRole("dialog", { name: "Archive 3 services" }).getByRole("button", { name: "Archive 3 services" }).click();
  await expect(progress.getByText("Archived 3 services.")).toBeVisible();
});

const VERA = { name: "Vera Lund", email: "vera@northpier.dev", role: "editor", password: "a lamp upon the breakwater" };

test("what a colleague saves of a service meanwhile is taken over under their name, and nothing that was typed is lost", async ({ page, stranger, baseURL }) => {
  const headers = { origin: baseURL! };
  const made = await page.request.post("/api/v1/access/users", { data: VERA, headers });
  expect(made.ok(), await made.text()).toBe(true);
  const other = await stranger();
  await signIn(other, VERA);

  await page.goto("/services/payments-api?tab=settings");
  const form = page.getByRole("region", { name: "Service", exact: true });
  await form.getByLabel("Description").fill("Takes card payments.");
  const { revision } = (await (await other.request.get("/api/v1/services/payments-api")).json()) as { revision: number };
  const saved = await other.request.patch("/api/v1/services/payments-api", { data: { revision, owner: "Checkout" }, headers });
  expect(saved.status(), await saved.text()).toBe(200);
  const meanwhile = form.getByText("Vera Lund saved this meanwhile. What you changed is kept; the rest is as saved now.");
  await expect(meanwhile).toBeVisible();
  await expect(form.getByLabel("Owner")).toHaveValue("Checkout");
  await expect(form.getByLabel("Description")).toHaveValue("Takes card payments.");
  await expect(form.getByText(/changed .* by Vera Lund/)).toBeVisible();

  await form.getByRole("button", { name: "Save", exact: true }).click();
  await expect(form.getByText(new RegExp(`changed .* by ${ADMIN.name}`))).toBeVisible();
  await expect(meanwhile).toBeHidden();
  await page.reload();
  await expect(form.getByLabel("Owner")).toHaveValue("Checkout");
  await expect(form.getByLabel("Description")).toHaveValue("Takes card payments.");
});
